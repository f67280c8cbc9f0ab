"""Votes as the page of a post shows them: how much it matters, and the question to whoever wants it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from feedback.accounts.models import User
from feedback.forum.models import Importance, Post, Vote
from feedback.forum.permissions import Person
from feedback.forum.votes.queries import importance_of


@dataclass(frozen=True)
class Weighing:
    """The question how important something is to its reader: where the answer goes, the choices, and the chosen one."""

    action: str
    key: str
    chosen: str

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """What may be said: value, word, and whether it was said."""
        return [(value, str(word), value == self.chosen) for value, word in Importance.choices]


def weighing_of(post: Post, reader: Person, *, key: str = "") -> Weighing | None:
    """Return the question to ``reader``, who wants ``post``, None for anybody else. ``key`` names it on its page."""
    if not isinstance(reader, User):
        return None
    own = Vote.objects.filter(post=post, person=reader).values_list("importance", flat=True).first()
    if own is None:
        return None
    action = reverse("forum:post-importance", args=[post.public_id])
    return Weighing(action, key or post.public_id, own)


def weights_of(post: Post) -> Sequence[tuple[str, int]]:
    """Return how many people said what of ``post``, in words, the most pressing first."""
    return [(str(Importance(key).label), number) for key, number in importance_of(post)]

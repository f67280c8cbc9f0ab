"""Votes as the page of a post shows them: how much it matters, and the question to whoever wants it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from feedback.forum.models import Importance, Post
from feedback.forum.permissions import Person, may_take_part
from feedback.forum.votes.queries import weights_of


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


@dataclass(frozen=True)
class ShownVotes:
    """Whether the reader ``voted``, the question how important it is to them, and in words how many said what."""

    voted: bool
    weighing: Weighing | None
    weights: Sequence[tuple[str, int]]


def weighing_of(post: Post, reader: Person, *, key: str = "") -> Weighing | None:
    """Return the question to ``reader``, who wants ``post``, None for anybody else. ``key`` names it on its page."""
    own = weights_of(post, reader).own
    return _asked(post, own, key) if own is not None else None


def votes_on(post: Post, reader: Person) -> ShownVotes:
    """Return what the page of ``post`` shows of its votes; one query."""
    found = weights_of(post, reader)
    asked = found.own if may_take_part(post) else None
    return ShownVotes(
        voted=found.own is not None,
        weighing=_asked(post, asked) if asked is not None else None,
        weights=[(str(Importance(key).label), number) for key, number in found.said],
    )


def _asked(post: Post, own: str, key: str = "") -> Weighing:
    action = reverse("forum:post-importance", args=[post.public_id])
    return Weighing(action, key or post.public_id, own)

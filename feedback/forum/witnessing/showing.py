"""What the page of a post shows of who sees it too, and of what asks the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q

from feedback.forum.models import Post, Reproduction, SameAs
from feedback.forum.permissions import Person, may_take_part
from feedback.forum.queries import posts_visible_to
from feedback.forum.witnessing.reproductions import may_confirm, may_reproduce, may_take_off

#: So many are named; those that were confirmed come first.
_NAMED, _PAIRS = 12, 5


@dataclass(frozen=True)
class Seen:
    """One who sees a bug too, and what the reader may do about it."""

    one: Reproduction
    may_confirm: bool
    may_take_off: bool


@dataclass(frozen=True)
class Same:
    """A post that asks the same, how many say so, and whether the reader does."""

    post: Post
    number: int
    said: bool


@dataclass(frozen=True)
class Witnessed:
    """Who sees a bug too (``number`` in all, ``own`` of the reader), what asks the same, and what the reader may say."""

    seen: Sequence[Seen]
    number: int
    confirmed: int
    own: Reproduction | None
    may_reproduce: bool
    same: Sequence[Same]
    may_say_same: bool

    @property
    def more(self) -> int:
        """How many see it too and are not named."""
        return self.number - len(self.seen)


def witnessed(post: Post, reader: Person) -> Witnessed:
    """Return what members say of ``post``, as ``reader`` may see it; two queries of a bug, else one, and one more where two posts are the same."""
    rows = _rows(post) if post.kind == Post.Kind.BUG else []
    for one in rows:
        one.post = post
    return Witnessed(
        seen=[
            Seen(one, may_confirm(reader, one), may_take_off(reader, one)) for one in rows[:_NAMED]
        ],
        number=len(rows),
        confirmed=sum(one.confirmed_at is not None for one in rows),
        own=next((one for one in rows if one.person_id == reader.pk), None),
        may_reproduce=may_reproduce(reader, post),
        same=_same(post, reader),
        may_say_same=may_take_part(post) and not isinstance(reader, AnonymousUser),
    )


def _rows(post: Post) -> list[Reproduction]:
    found = Reproduction.objects.filter(post=post, person__is_active=True)
    first = F("confirmed_at").desc(nulls_last=True)
    return list(found.select_related("person").order_by(first, "-said_at", "-pk")[:500])


def _same(post: Post, reader: Person) -> list[Same]:
    said = SameAs.objects.filter(Q(post=post) | Q(other=post), person__is_active=True)
    by: dict[int, set[int]] = {}
    for one, other, person in said.values_list("post", "other", "person")[:500]:
        by.setdefault(other if one == post.pk else one, set()).add(person)
    if not by:
        return []
    posts = posts_visible_to(reader).filter(pk__in=by, state=Post.State.PUBLISHED)
    found = [Same(one, len(by[one.pk]), reader.pk in by[one.pk]) for one in posts]
    return sorted(found, key=lambda one: (-one.number, one.post.pk))[:_PAIRS]

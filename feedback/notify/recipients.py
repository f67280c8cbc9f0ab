"""Who hears: audiences of people, and the ids of those among them who can be told."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from feedback.accounts.models import Origin, User
from feedback.asks.models import Decision
from feedback.asks.people import people_behind
from feedback.forum.models import Post
from feedback.roadmap.models import ItemAsk
from feedback.roadmap.queries import followed

#: People told by one statement, and posts named in one.
BATCH = 1000
POSTS_NAMED = 500


@dataclass(frozen=True)
class Audience:
    """People who hear as the same: those who ``asked`` for it, or those who wanted it too."""

    people: QuerySet[User]
    asked: bool


def in_batches(people: QuerySet[User], *, but_not: int | None) -> Iterator[list[int]]:
    """Yield the ids of those of ``people`` who can be told, `BATCH` at a time, without the person ``but_not``."""
    told = people.filter(is_active=True).exclude(origin=Origin.ANONYMOUS)
    if but_not is not None:
        told = told.exclude(pk=but_not)
    yield from _slices(list(told.order_by("pk").values_list("pk", flat=True)), BATCH)


def author_of(post_public_id: str) -> Iterator[Audience]:
    """Yield who wrote this post."""
    yield Audience(User.objects.filter(posts__public_id=post_public_id), asked=True)


def behind_asks(ask_ids: Collection[int]) -> Iterator[Audience]:
    """Yield the authors and voters of these asks."""
    yield from _as_they_spoke(people_behind(ask_ids), ask_ids)


def behind_item(item_id: int) -> Iterator[Audience]:
    """Yield the authors and voters of the asks that this item answers, wherever those were joined into."""
    linked = ItemAsk.objects.filter(item=item_id).values_list("ask", flat=True)
    yield from behind_asks(set(followed(list(linked)).values()))


def came_along(decision: Decision, ask_id: int) -> Iterator[Audience]:
    """Yield the authors and voters of the posts that ``decision`` joined into this ask, if they are still there."""
    moved = [int(pk) for pk in decision.before["memberships"]]
    for some in _slices(moved, POSTS_NAMED):
        posts = Post.objects.filter(pk__in=some, membership__ask=ask_id, state=Post.State.PUBLISHED)
        spoke = Q(pk__in=posts.values("author")) | Q(pk__in=posts.values("votes__person"))
        yield from _as_they_spoke(User.objects.filter(spoke), [ask_id])


def _as_they_spoke(people: QuerySet[User], ask_ids: Collection[int]) -> Iterator[Audience]:
    """Yield those of ``people`` who wrote a post of these asks, then the others."""
    posts = Post.objects.filter(membership__ask__in=ask_ids, state=Post.State.PUBLISHED)
    yield Audience(people.filter(pk__in=posts.values("author")), asked=True)
    yield Audience(people.exclude(pk__in=posts.values("author")), asked=False)


def _slices(ids: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]

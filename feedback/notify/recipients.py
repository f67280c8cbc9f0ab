"""Who hears: audiences of people, and the ids of those among them who can be told."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from feedback.accounts.models import Origin, User
from feedback.asks.models import Ask, Decision
from feedback.asks.people import people_behind
from feedback.forum.closed.reading import knowers_of, readers_of
from feedback.forum.models import Post, Product
from feedback.notify.groups import About
from feedback.notify.models import Subscription
from feedback.roadmap.models import Item, ItemAsk
from feedback.roadmap.queries import followed

#: People told in one transaction, each with up to a notice, a mail and a device, and posts named in one statement.
BATCH = 300
POSTS_NAMED = 500


#: Something that is followed or muted: what it is, and its primary key.
Topic = tuple[About, int]


@dataclass(frozen=True)
class Audience:
    """People who hear as the same: who ``asked`` for it, who wanted it too, who only ``follows`` it, or who was ``answered``."""

    people: QuerySet[User]
    asked: bool
    follows: bool = False
    answered: bool = False

    @property
    def facts(self) -> dict[str, Any]:
        """What a sentence needs to know of its reader."""
        facts = {"asked": self.asked}
        return facts | {name: True for name in ("follows", "answered") if getattr(self, name)}


def in_batches(
    people: QuerySet[User], *, but_not: int | None, muted: Collection[Topic] = ()
) -> Iterator[list[int]]:
    """Yield the ids of those of ``people`` who can be told, `BATCH` at a time.

    Without the person ``but_not``, and who muted one of ``muted``.
    """
    told = people.filter(is_active=True).exclude(origin=Origin.ANONYMOUS)
    if muted:
        told = told.exclude(pk__in=subscribed(muted, is_muted=True).values("person"))
    if but_not is not None:
        told = told.exclude(pk=but_not)
    yield from _slices(list(told.order_by("pk").values_list("pk", flat=True)), BATCH)


def who_may_read(people: QuerySet[User], facts: Mapping[str, Any]) -> QuerySet[User]:
    """Return those of ``people`` who may know of the post and the product that these facts tell of; all where they tell of nothing closed."""
    if facts.get("post"):
        post = Post.objects.filter(public_id=facts["post"]).select_related("board").first()
        people = people.filter(readers_of(post.board)) if post is not None else people
    return people.filter(*map(knowers_of, _closed_products(facts)))


def _closed_products(facts: Mapping[str, Any]) -> QuerySet[Product]:
    """Return the closed products that facts tell of: by name, or by an ask or an item of theirs."""
    told_of = Q(slug=facts.get("product", ""))
    told_of |= Q(pk__in=Ask.objects.filter(public_id=facts.get("ask", "")).values("product"))
    told_of |= Q(pk__in=Item.objects.filter(public_id=facts.get("item", "")).values("product"))
    return Product.objects.filter(told_of, is_closed=True)


def author_of(post_public_id: str) -> Iterator[Audience]:
    """Yield who wrote this post."""
    yield Audience(User.objects.filter(posts__public_id=post_public_id), asked=True)


def writer_of(comment_public_id: str) -> Iterator[Audience]:
    """Yield who wrote this comment."""
    people = User.objects.filter(comments__public_id=comment_public_id)
    yield Audience(people, asked=False, answered=True)


def behind_asks(ask_ids: Collection[int]) -> Iterator[Audience]:
    """Yield the authors and voters of these asks."""
    yield from _as_they_spoke(people_behind(ask_ids), ask_ids)


def behind_item(item_id: int) -> Iterator[Audience]:
    """Yield the authors and voters of the asks that this item answers, wherever those were joined into."""
    linked = ItemAsk.objects.filter(item=item_id).values_list("ask", flat=True)
    yield from behind_asks(set(followed(list(linked)).values()))


def followers(topics: Collection[Topic]) -> Iterator[Audience]:
    """Yield who follows one of ``topics``."""
    if topics:
        people = subscribed(topics, is_muted=False).values("person")
        yield Audience(User.objects.filter(pk__in=people), asked=False, follows=True)


def subscribed(topics: Iterable[Topic], *, is_muted: bool) -> QuerySet[Subscription]:
    """Return who follows one of ``topics``, or who muted one."""
    any_of = Q(pk__in=())
    for about, pk in topics:
        any_of |= Q(about=about, about_id=pk)
    return Subscription.objects.filter(any_of, is_muted=is_muted)


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

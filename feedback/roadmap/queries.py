"""Reading the roadmap."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from feedback.accounts.models import NAMED_IN_CREDITS, Origin, User
from feedback.asks.models import Ask
from feedback.asks.people import people_behind
from feedback.asks.queries import sources_of
from feedback.asks.stages import Stage, after
from feedback.forum.models import Post, Product
from feedback.forum.products.queries import listed
from feedback.journal.models import Entry
from feedback.journal.queries import history_of
from feedback.journal.verbs import Verb
from feedback.kernel import text
from feedback.roadmap.models import Category, ChangelogLine, Item, ItemAsk

#: People named by one query.
_NAMED_AT_ONCE = 1000
#: The entries that say that an item came to a stage.
ARRIVALS = (Verb.ITEM_ADOPTED, Verb.ITEM_MOVED, Verb.ITEM_SHIPPED, Verb.ITEM_DECLINED)


@dataclass(frozen=True)
class Row:
    """One line of the timetable."""

    item: Item
    people_count: int
    post_count: int

    @property
    def title(self) -> str:
        return self.item.title

    @property
    def language(self) -> str:
        return text.language_of(self.item.title)

    @property
    def url(self) -> str:
        return reverse("roadmap:item-detail", args=[self.item.public_id])

    @property
    def shown(self) -> tuple[object, ...]:
        """All that a line of the roadmap shows of it."""
        item = self.item
        when = (self.target, self.day, item.stage_changed_at)
        what = (item.title, item.stage, item.decline_reason, *when)
        return item.pk, item.product_id, self.people_count, self.post_count, *what

    @property
    def may_become(self) -> str:
        """The stages that may follow its own, with spaces between."""
        return " ".join(sorted(after(self.item.stage)))

    @property
    def target(self) -> str:
        """The version it comes with, "" when that is not known yet."""
        return self.item.release.version if self.item.release else ""

    @property
    def day(self) -> dt.date | None:
        """The day on which that version left, or will leave as things stand."""
        return self.item.release.release_date if self.item.release else None


# --- From items to asks and back ----------------------------------------------------------------------
def followed(ask_ids: Collection[int]) -> dict[int, int]:
    """Return for each ask the id of the one it has become; a query for each step of the longest way."""
    became = {pk: pk for pk in ask_ids}
    open_ids = set(ask_ids)
    seen: set[int] = set()
    while open_ids:
        seen |= open_ids
        steps = _joined(Ask.objects.filter(pk__in=open_ids))
        became = {pk: steps.get(at, at) for pk, at in became.items()}
        open_ids = set(steps.values()) - seen
    return became


def _joined(asks: QuerySet[Ask]) -> dict[int, int]:
    """Return which of ``asks`` were joined, by id, and into what."""
    pairs = asks.values_list("pk", "joined_into")
    return {pk: into for pk, into in pairs if into is not None}


def live_ask_ids(item: Item) -> list[int]:
    """Return the ids of the asks behind ``item``, following those that were joined into another."""
    linked = list(ItemAsk.objects.filter(item=item).order_by("id").values_list("ask", flat=True))
    return list(dict.fromkeys(followed(linked).values()))


def asks_of_items(item_ids: Collection[int]) -> list[int]:
    """Return the ids of the asks behind these items, following those that were joined into another."""
    linked = ItemAsk.objects.filter(item__in=item_ids).values_list("ask", flat=True)
    return list(dict.fromkeys(followed(list(linked)).values()))


def asks_led_by(item: Item) -> list[Ask]:
    """Return the public asks whose stage follows ``item``: not those that an item of their own leads."""
    live = Ask.objects.public().filter(pk__in=live_ask_ids(item))
    return list(live.filter(Q(item_link__isnull=True) | Q(item_link__item=item)).order_by("pk"))


def items_of(asks: Sequence[Ask]) -> dict[int, Item]:
    """Return the item that answers each of ``asks`` by the ask's id: its own, or one of an ask joined into it."""
    sources = sources_of(ask.pk for ask in asks)
    items: dict[int, Item] = {}
    links = ItemAsk.objects.filter(ask__in=sources).select_related("item__release").order_by("id")
    for link in links:
        target = sources[link.ask_id]
        if link.ask_id == target or target not in items:
            items[target] = link.item
    return items


def live_item(item: Item) -> Item:
    """Return what ``item`` has become: itself, or what it was joined into, however often."""
    while item.joined_into is not None:
        item = item.joined_into
    return item


def item_of(ask: Ask) -> Item | None:
    """Return the item that answers ``ask``, if one does."""
    return items_of([ask]).get(ask.pk)


# --- People ---------------------------------------------------------------------------------------------
def category_of(ask_ids: Collection[int]) -> Category:
    """Return the kind of change that answers these asks: it mends something where more than half of the posts are bugs."""
    posts = Post.objects.filter(membership__ask__in=list(ask_ids), state=Post.State.PUBLISHED)
    found = posts.aggregate(all=Count("pk"), bugs=Count("pk", filter=Q(kind=Post.Kind.BUG)))
    return Category.MENDED if found["bugs"] * 2 > found["all"] else Category.NEW


def count_people(ask_ids: Collection[int]) -> int:
    """Return how many people are behind these asks, each counted once."""
    return people_behind(list(ask_ids)).count() if ask_ids else 0


def to_credit(ask_ids: Collection[int], *, limit: int) -> list[str]:
    """Return public ids of the people to thank: authors, first to ask first, then voters, first to vote first.

    Whether each is named or counted is their choice, and read when it is shown: `named`. Who gave no name is counted.
    """
    people = (
        User.objects.filter(is_active=True)
        .exclude(origin=Origin.ANONYMOUS)
        .exclude(display_name="")
    )
    posts = Post.objects.filter(membership__ask__in=list(ask_ids), state=Post.State.PUBLISHED)
    authors = (
        people.filter(posts__in=posts)
        .values("public_id")
        .annotate(first=Min("posts__posted_at"), first_id=Min("posts__id"))
        .order_by("first", "first_id")
        .values_list("public_id", flat=True)[:limit]
    )
    found = dict.fromkeys(authors)
    if len(found) < limit:
        voters = (
            people.filter(votes__post__in=posts)
            .values("public_id")
            .annotate(first=Min("votes__voted_at"), first_id=Min("votes__id"))
            .order_by("first", "first_id")
            .values_list("public_id", flat=True)[:limit]
        )
        found |= dict.fromkeys(voters)
    return list(found)[:limit]


def named(public_ids: Iterable[str]) -> dict[str, User]:
    """Return those of the credited who are here and agree to be named, by public id."""
    people = User.objects.filter(NAMED_IN_CREDITS, is_active=True).exclude(display_name="")
    wanted = sorted(set(public_ids))
    found: dict[str, User] = {}
    for start in range(0, len(wanted), _NAMED_AT_ONCE):
        some = people.filter(public_id__in=wanted[start : start + _NAMED_AT_ONCE])
        found |= {person.public_id: person for person in some}
    return found


def named_in_order(public_ids: Sequence[str]) -> list[User]:
    """Return `named` in the order of ``public_ids``."""
    people = named(public_ids)
    return [people[who] for who in public_ids if who in people]


# --- The timetable ----------------------------------------------------------------------------------------
def rows(items: Sequence[Item]) -> list[Row]:
    """Return ``items`` with the posts and people behind them, people counted once.

    One ask keeps its own count; only an item with several asks has its people counted here.
    """
    links: defaultdict[int, list[int]] = defaultdict(list)
    for item_id, ask_id in ItemAsk.objects.filter(item__in=items).values_list("item", "ask"):
        links[item_id].append(ask_id)
    became = followed([pk for ids in links.values() for pk in ids])
    asks = Ask.objects.only("people_count", "post_count").in_bulk(set(became.values()))
    found = []
    for item in items:
        behind = [asks[pk] for pk in dict.fromkeys(became[link] for link in links[item.pk])]
        people = (
            behind[0].people_count if len(behind) == 1 else count_people([ask.pk for ask in behind])
        )
        found.append(Row(item, people, sum(ask.post_count for ask in behind)))
    return found


def departure(item: Item) -> dt.date:
    """Return the day ``item`` is planned for; those without one come last."""
    return item.release.release_date if item.release else dt.date.max


def declined(product: Product | None = None, *, limit: int = 50) -> list[Row]:
    """Return what was decided against, newest first."""
    items = Item.objects.standing().filter(listed(product), stage=Stage.DECLINED)
    return rows(list(items.order_by("-stage_changed_at", "-id")[:limit]))


def history(item: Item) -> QuerySet[Entry]:
    """Return the stations of ``item``, newest first: when it was adopted, moved, shipped, declined."""
    return history_of(item).filter(verb__in=ARRIVALS)


def latest_lines(product: Product | None = None, *, most: int) -> QuerySet[ChangelogLine]:
    """Return what shipped last, of one product or of all, and did not come back, with items and releases."""
    lines = ChangelogLine.objects.filter(
        listed(product, "item__product"), item__stage=Stage.SHIPPED
    ).select_related("item", "release")
    return lines.order_by("-written_at", "-pk")[:most]


def line_of(item: Item) -> ChangelogLine | None:
    """Return the changelog line of ``item``, if it has shipped."""
    return ChangelogLine.objects.select_related("release").filter(item=item).first()

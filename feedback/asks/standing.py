"""What stands: the one reader of what people decided about which posts belong together.

A run, a placing, the trial of another model and the check of a new decision all ask here. `everywhere` reads all
of it, `about` what concerns some posts, `connected` what could contradict something new about them.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import F, Q, QuerySet

from feedback.asks.models import Ask, Bond, Decision, Membership
from feedback.engine.rules.constraints import Constraints, Contradiction, Resolved
from feedback.forum.models import Product
from feedback.forum.products.queries import within
from feedback.kernel.batches import batches

Homes = Mapping[int, str]


@dataclass(frozen=True)
class Standing:
    """What people decided that has not been undone. Posts are named by primary key, asks by public id.

    ``homes`` is the ask that a post is in, ``confirmed`` the posts a person put or confirmed there, ``not_here`` the
    (post, ask) pairs that a person ruled out, ``locked`` the asks whose members stay as they are, ``released`` the
    posts whose decision was undone since the last run. Bonds are in the order in which they were made.
    """

    homes: Homes
    confirmed: frozenset[int]
    together: tuple[tuple[int, int], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    not_here: tuple[tuple[int, str], ...] = ()
    locked: frozenset[str] = frozenset()
    released: frozenset[int] = frozenset()

    @cached_property
    def _ruled_out(self) -> frozenset[tuple[int, str]]:
        return frozenset(self.not_here)

    @cached_property
    def _apart_of(self) -> dict[int, set[int]]:
        return _partners(self.apart)

    @cached_property
    def _together_of(self) -> dict[int, set[int]]:
        return _partners(self.together)

    @cached_property
    def bound(self) -> frozenset[int]:
        """The posts that a bond with another post speaks of."""
        return frozenset(self._apart_of) | frozenset(self._together_of)

    def keeps_out(self, post: int, ask: str, homes: Homes | None = None) -> bool:
        """Whether a decision keeps ``post`` out of ``ask``, with posts in ``homes`` (default: where they are)."""
        homes = self.homes if homes is None else homes
        if ask in self.locked or (post, ask) in self._ruled_out:
            return True
        return any(homes.get(other) == ask for other in self._apart_of.get(post, ()))

    def is_held(self, post: int, ask: str) -> bool:
        """Whether ``post`` may not be taken out of ``ask``: a person confirmed it there, or locked the ask."""
        return post in self.confirmed or ask in self.locked

    def is_out_of_place(self, post: int, homes: Homes | None = None) -> bool:
        """Whether a person's word about this very post says that it is in the wrong ask."""
        homes = self.homes if homes is None else homes
        here = homes.get(post)
        if here is None:
            return False
        if any(homes.get(other) == here for other in self._apart_of.get(post, ())):
            return True
        return any(
            homes.get(other) not in (None, here) for other in self._together_of.get(post, ())
        )

    def constraints(self) -> Constraints:
        """Return it in the words of the engine, for grouping the posts anew."""
        pinned = self._pinned(self.confirmed)
        return Constraints(
            together=self.together,
            apart=self.apart,
            pinned=pinned,
            excluded=[(post, ask) for post, ask in self.not_here if pinned.get(post) != ask],
            locked=self.locked,
            released=self.released,
        )

    def constraints_for_placing(self, posts: Collection[int]) -> Constraints:
        """Return what it means for ``posts``, which are placed among groups that stay as they are.

        Of two posts said together or apart, the one that has a home pins the other there or keeps it out.
        """
        asked = set(posts)
        pinned = self._pinned(self.confirmed & asked)
        excluded: list[tuple[int, str]] = [
            (post, ask) for post, ask in self.not_here if post in asked and pinned.get(post) != ask
        ]
        for one, other, is_together in self._pairs():
            for post, partner in ((one, other), (other, one)):
                home = self.homes.get(partner)
                if post not in asked or home is None:
                    continue
                if is_together:
                    pinned.setdefault(post, home)
                elif pinned.get(post) != home:
                    excluded.append((post, home))
        return Constraints(pinned=pinned, excluded=excluded, locked=self.locked)

    def resolve(self) -> Resolved:
        """Return it closed under what follows from it. Raises `Contradiction`."""
        return self.constraints().resolve(self._locked_homes())

    def contradiction(self) -> Contradiction | None:
        """Return the first contradiction with its chain, or None."""
        return self.constraints().contradiction(self._locked_homes())

    def _pinned(self, posts: Iterable[int]) -> dict[int | str, str]:
        return {post: self.homes[post] for post in sorted(posts)}

    def _locked_homes(self) -> dict[int | str, str]:
        return {post: ask for post, ask in self.homes.items() if ask in self.locked}

    def _pairs(self) -> Iterator[tuple[int, int, bool]]:
        yield from ((one, other, True) for one, other in self.together)
        yield from ((one, other, False) for one, other in self.apart)


def everywhere(
    product: Product | None = None, *, released_since: dt.datetime | None = None
) -> Standing:
    """Return all that stands in a product, or in all of them.

    Posts of decisions undone after ``released_since``, a run's start, are released.
    """
    held = Membership.objects.filter(within(product, "ask__product"))
    rows = held.values_list("post", "ask__public_id", "is_confirmed")
    bonds = _bonds().filter(within(product, "post__board__product"))
    return _standing(rows, bonds, released=_released(released_since))


def about(posts: Iterable[int]) -> Standing:
    """Return what stands about ``posts``, with the homes of those they are bound to."""
    wanted = set(posts)
    bonds = _Bonds()
    for some in batches(wanted):
        bonds.take(_bonds().filter(Q(post__in=some) | Q(other_post__in=some)))
    return _standing(_members(wanted | bonds.posts), bonds)


def connected(posts: Iterable[int], asks: Iterable[int]) -> Standing:
    """Return all that stands in a chain with ``posts`` and ``asks`` (primary keys): what may contradict them.

    A chain leads from a post to those said together with it, and through the ask that it is confirmed or locked in
    to the other posts there that somebody spoke of. Only what is found on the way is read.
    """
    bonds = _Bonds()
    seen: set[int] = set()
    seen_asks: set[int] = set()
    new, new_asks = set(posts), set(asks)
    while new or new_asks:
        for some in batches(new):
            bonds.take(_bonds().filter(Q(post__in=some) | Q(other_post__in=some)))
            held = Membership.objects.filter(post__in=some)
            held = held.filter(Q(is_confirmed=True) | Q(ask__is_locked=True))
            new_asks.update(held.values_list("ask", flat=True))
        seen |= new
        new = set(bonds.posts)
        for some in batches(new_asks - seen_asks):
            new |= _paired_in(some)
        seen_asks |= new_asks
        new, new_asks = new - seen, set()
    return _standing(_members(seen), bonds)


def objection(posts: Collection[int], ask: Ask) -> Bond | None:
    """Return the oldest bond that keeps one of ``posts`` out of ``ask``, or two of those that would be in it apart."""
    moving = set(posts)
    there = moving | set(Membership.objects.filter(ask=ask).values_list("post", flat=True))
    said = _bonds().select_related("decision__actor", "post")
    for some in batches(moving):
        bond = said.filter(kind=Bond.Kind.NOT_HERE, ask=ask, post__in=some).first()
        if bond is not None:
            return bond
    for some in batches(there):
        for bond in said.filter(kind=Bond.Kind.APART, post__in=some):
            if bond.other_post_id in there:
                return bond
    return None


# --- What changed since --------------------------------------------------------------------------------------
def watermark() -> tuple[int, int]:
    """Return a mark that changes with every decision made or undone."""
    last = Decision.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return last, Decision.objects.filter(undone_at__isnull=False).count()


def moved_since(mark: tuple[int, int], *, undone_since: dt.datetime) -> set[int]:
    """Return the posts whose membership decisions made after ``mark``, or undone since then, may have changed."""
    late = Decision.objects.filter(Q(pk__gt=mark[0]) | Q(undone_at__gte=undone_since))
    return set(late.filter(posts__isnull=False).values_list("posts", flat=True))


def spoken_of_since(mark: tuple[int, int]) -> set[int]:
    """Return the posts that decisions made after ``mark`` name, in whatever way."""
    late = Decision.objects.filter(pk__gt=mark[0])
    posts = set(late.filter(posts__isnull=False).values_list("posts", flat=True))
    for pair in Bond.objects.filter(decision__in=late).values_list("post", "other_post"):
        posts.update(pk for pk in pair if pk is not None)
    return posts


def _released(since: dt.datetime | None) -> frozenset[int]:
    if since is None:
        return frozenset()
    undone = Decision.objects.filter(undone_at__gte=since)
    posts = set(undone.filter(posts__isnull=False).values_list("posts", flat=True))
    posts.update(Bond.objects.filter(decision__in=undone).values_list("post", flat=True))
    return frozenset(posts)


# --- Reading -------------------------------------------------------------------------------------------------
@dataclass
class _Bonds:
    """Bonds by their primary key, so that each counts once however often it is met."""

    rows: dict[int, tuple[str, int, int | None, str | None]] = field(default_factory=dict)
    posts: set[int] = field(default_factory=set)

    def take(self, bonds: QuerySet[Bond]) -> None:
        rows = bonds.values_list("pk", "kind", "post", "other_post", "ask__public_id")
        for pk, kind, post, other, ask in rows:
            self.rows[pk] = (kind, post, other, ask)
            self.posts.update({post, other} - {None})


def _bonds() -> QuerySet[Bond]:
    """Return what stands; between two posts that are of two products by now, nothing does."""
    same = Q(other_post__isnull=True) | Q(other_post__board__product=F("post__board__product"))
    return Bond.objects.filter(same, decision__undone_at__isnull=True).order_by("pk")


def _members(posts: Iterable[int]) -> Iterator[tuple[int, str, bool]]:
    for some in batches(posts):
        yield from Membership.objects.filter(post__in=some).values_list(
            "post", "ask__public_id", "is_confirmed"
        )


def _paired_in(asks: Collection[int]) -> set[int]:
    """Return the posts of these asks that a person has said something of with another post."""
    pairs = _bonds().filter(other_post__isnull=False)
    posts: set[int] = set()
    for column in ("post", "other_post"):
        there = pairs.filter(**{f"{column}__membership__ask__in": asks})
        posts.update(there.values_list(column, flat=True))
    return posts


def _standing(
    rows: Iterable[tuple[int, str, bool]],
    bonds: "_Bonds | QuerySet[Bond]",
    *,
    released: frozenset[int] = frozenset(),
) -> Standing:
    if not isinstance(bonds, _Bonds):
        found = _Bonds()
        found.take(bonds)
        bonds = found
    homes: dict[int, str] = {}
    confirmed = set()
    for post, ask, is_confirmed in rows:
        homes[post] = ask
        if is_confirmed:
            confirmed.add(post)
    said = [bonds.rows[pk] for pk in sorted(bonds.rows)]
    kinds = Bond.Kind
    return Standing(
        homes=homes,
        confirmed=frozenset(confirmed),
        together=tuple((a, b) for kind, a, b, _ask in said if kind == kinds.TOGETHER and b),
        apart=tuple((a, b) for kind, a, b, _ask in said if kind == kinds.APART and b),
        not_here=tuple((a, ask) for kind, a, _b, ask in said if kind == kinds.NOT_HERE and ask),
        locked=frozenset(
            Ask.objects.there().filter(is_locked=True).values_list("public_id", flat=True)
        ),
        released=released,
    )


def _partners(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    partners: dict[int, set[int]] = {}
    for one, other in pairs:
        partners.setdefault(one, set()).add(other)
        partners.setdefault(other, set()).add(one)
    return partners

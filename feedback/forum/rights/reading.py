"""How far somebody's roles reach: the one home of "may this person do this on this board".

A role on the whole site is the person's own column, asked without a query. Roles on products and boards are rows, read once
for each request, and only for who has any.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from feedback.accounts.models import PartRole, Role, User
from feedback.forum.closed.models import BoardMember
from feedback.forum.rights.models import Right

if TYPE_CHECKING:
    from feedback.forum.models import Board

Person = User | AnonymousUser

#: Through which of its columns a thing leads to its board or product, the first that is there.
_THROUGH = (
    "board", "post", "comment", "response", "report", "release", "item", "ask", "vote", "case",
)  # fmt: skip
#: What is looked up while something is done elsewhere: whom it is done to, and by which rule of the house.
_OF_NO_PLACE = ("accounts.user", "forum.rule")
_DEEPEST = 6


@dataclass(frozen=True)
class Reach:
    """On which parts somebody has a role, by primary key: products they manage, products and boards they keep order on."""

    managed: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()
    boards: frozenset[int] = frozenset()

    def has(self, role: PartRole, product_id: int, board_id: int | None) -> bool:
        """Whether ``role`` reaches to a board of a product, or to the product itself where there is no board."""
        if product_id in self.managed:
            return True
        return role == PartRole.MODERATOR and (product_id in self.kept or board_id in self.boards)


_NOWHERE = Reach()


def reach_of(person: Person) -> Reach:
    """Return how far the roles of ``person`` reach that they have on parts: one query for each request."""
    if not isinstance(person, User) or not person.is_part_moderator:
        return _NOWHERE
    kept: Reach | None = person.__dict__.get("_reach")
    if kept is None:
        kept = _read(person)
        person.__dict__["_reach"] = kept
    return kept


def forget_reach(person: User) -> None:
    """Have the roles of ``person`` be read again."""
    person.__dict__.pop("_reach", None)


def is_named_on(person: Person, board: Model) -> bool:
    """Whether ``person`` is named on ``board``: one query for each request, however many boards are asked about."""
    if not isinstance(person, User):
        return False
    named: set[int] | None = person.__dict__.get("_named_on")
    if named is None:
        here = BoardMember.objects.filter(person=person, left_at=None)
        named = set(here.values_list("board_id", flat=True))
        person.__dict__["_named_on"] = named
    return board.pk in named


def _read(person: User) -> Reach:
    rights = list(Right.objects.filter(person=person))
    return Reach(
        managed=_of_products(rights, PartRole.MANAGER),
        kept=_of_products(rights, PartRole.MODERATOR),
        boards=frozenset(one.board_id for one in rights if one.board_id is not None),
    )


def _of_products(rights: Iterable[Right], role: PartRole) -> frozenset[int]:
    theirs = (one.product_id for one in rights if one.role == role)
    return frozenset(pk for pk in theirs if pk is not None)


def manages(person: Person, product: Model | None) -> bool:
    """Whether ``person`` may decide about the asks, items and releases of ``product``; None is the whole site."""
    if not isinstance(person, User):
        return False
    return person.is_manager or (product is not None and product.pk in reach_of(person).managed)


def who_manage(product: Model) -> QuerySet[User]:
    """Return everybody who `manages` ``product``, by name."""
    here = Right.objects.filter(product=product.pk, role=PartRole.MANAGER).values("person")
    decide = Q(role__in=[Role.MANAGER, Role.ADMIN]) | Q(pk__in=here)
    return User.objects.filter(decide, is_active=True).order_by("display_name", "pk")


def keeps_order_on(person: Person, board: "Board") -> bool:
    """Whether ``person`` may hide, pin, lock and decide about reports on ``board``."""
    if not isinstance(person, User):
        return False
    reach = reach_of(person)
    return person.is_moderator or reach.has(PartRole.MODERATOR, board.product_id, board.pk)


def acts_on(person: Person, product: Model | None) -> bool:
    """Whether ``person`` does the work of the team about ``product``: judges, drafts, answers for customers."""
    return isinstance(person, User) and (person.is_moderator or manages(person, product))


def speaks_on(person: Person, board: "Board") -> bool:
    """Whether ``person`` speaks for the team on ``board``: answers officially, leaves notes, speaks for customers."""
    if not isinstance(person, User):
        return False
    return person.is_moderator or board.product_id in reach_of(person).managed


def boards_kept_by(person: Person) -> Q:
    """Return the condition that ``person`` keeps order on a board."""
    if isinstance(person, User) and person.is_moderator:
        return Q()
    reach = reach_of(person)
    return Q(product__in=reach.managed | reach.kept) | Q(pk__in=reach.boards)


def covers(person: User, role: PartRole, things: Sequence[object]) -> bool:
    """Fill `accounts.reach`: whether ``person`` has ``role`` on all of ``things``, at least one of which has a place.

    Rows that lead to no board and no product are the whole site's: nobody reaches them by a role on a part.
    """
    reach, has_place = reach_of(person), False
    for thing in _rows(things):
        if thing._meta.label_lower in _OF_NO_PLACE:
            continue
        place = place_of(thing)
        if place is None or not reach.has(role, *place):
            return False
        has_place = True
    return has_place


def _rows(things: Iterable[object]) -> Iterator[Model]:
    """Yield the rows among ``things``, those in lists, those that a plain value is about, and those that a decision changes."""
    for thing in things:
        if callable(touches := getattr(thing, "touches", None)):
            yield from _rows(touches())
        elif isinstance(thing, Model):
            yield thing
        elif isinstance(thing, Mapping):
            yield from _rows(thing.values())
        elif isinstance(thing, Iterable) and not isinstance(thing, str | bytes):
            yield from _rows(thing)
        elif isinstance(post := getattr(thing, "post", None), Model):
            yield post


def place_of(thing: object, depth: int = 0) -> tuple[int, int | None] | None:
    """Return the primary keys of the product and the board, if any, that ``thing`` belongs to; None for the whole site."""
    if not isinstance(thing, Model) or depth > _DEEPEST:
        return None
    label = thing._meta.label_lower
    if label == "forum.product":
        return thing.pk, None
    product_id = getattr(thing, "product_id", None)
    if product_id is not None:
        return product_id, thing.pk if label == "forum.board" else None
    for name in _THROUGH:
        inner = getattr(thing, name, None)
        if isinstance(inner, Model):
            return place_of(inner, depth + 1)
    return None

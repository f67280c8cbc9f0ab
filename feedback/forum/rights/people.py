"""Who has which role where, as one list."""

from dataclasses import dataclass, field

from feedback.accounts.models import PartRole, Role, User
from feedback.forum.models import Board, Product, Right
from feedback.forum.rights.operations import SITE, Place


@dataclass(frozen=True)
class Held:
    """One role of somebody: what it is called and where they have it."""

    role: str
    place: Place


@dataclass
class WithRights:
    """Somebody and every role they have."""

    person: User
    held: list[Held] = field(default_factory=list)


def people_with_rights() -> list[WithRights]:
    """Return everybody who can sign in and is more than a member, who may do most first: in three queries."""
    rows = {
        one.pk: WithRights(one, _on_site(one))
        for one in User.objects.filter(is_active=True).exclude(role=Role.MEMBER, part_role="")
    }
    for right in Right.objects.select_related("product", "board").filter(person__in=rows):
        label = str(PartRole(right.role).label)
        rows[right.person_id].held.append(Held(label, Place(right.product, right.board)))
    order = list(Role.values)
    return sorted(rows.values(), key=lambda row: (-order.index(row.person.role), row.person.name))


def _on_site(person: User) -> list[Held]:
    if person.role == Role.MEMBER:
        return []
    return [Held(str(Role(person.role).label), SITE)]


def places() -> list[Place]:
    """Return where somebody may have a role: the whole site, each product, each board in use."""
    products = list(Product.objects.all())
    boards = Board.objects.filter(is_archived=False).order_by("product__position", "position", "id")
    return [
        SITE,
        *(Place(product=one) for one in products),
        *(Place(board=one) for one in boards),
    ]


def place_called(key: str) -> Place | None:
    """Return the place with this `Place.key`; None for what is not there."""
    kind, _colon, slug = key.partition(":")
    if key == SITE.key:
        return SITE
    if kind == "product" and (product := Product.objects.filter(slug=slug).first()) is not None:
        return Place(product=product)
    if kind == "board" and (board := Board.objects.filter(slug=slug).first()) is not None:
        return Place(board=board)
    return None

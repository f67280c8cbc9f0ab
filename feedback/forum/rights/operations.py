"""Giving a role to somebody and taking it, on the whole site or a part of it."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from feedback.accounts.models import Origin, PartRole, Role, User
from feedback.accounts.permissions import by_administrator
from feedback.forum.models import Board, Product, Right
from feedback.forum.rights.reading import forget_reach
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal

#: Roles that somebody has on a part of the site.
_ON_PARTS = (Role.MODERATOR, Role.MANAGER)


@dataclass(frozen=True)
class Place:
    """Where a role is held: on a product with all its boards, on one board, or, of neither, on the whole site."""

    product: Product | None = None
    board: Board | None = None

    @property
    def key(self) -> str:
        """What names it in a form and in the journal: "site", "product:forum" or "board:bugs"."""
        if self.board is not None:
            return f"board:{self.board.slug}"
        return f"product:{self.product.slug}" if self.product is not None else "site"

    @property
    def title(self) -> str:
        """What it is called, in the reader's language."""
        if self.board is not None:
            return self.board.title
        return self.product.title if self.product is not None else _("The whole site")


SITE = Place()


def refuse_misfit(role: str, place: Place) -> None:
    """Raise `Refusal` where ``role`` is none that somebody can have on ``place``."""
    if role not in Role.values or role == Role.MEMBER:
        raise Refusal(_("Say which role."), status=422)
    if place != SITE and role not in _ON_PARTS:
        raise Refusal(_("Analysts and administrators are that of the whole site."), status=422)
    if place.board is not None and role == Role.MANAGER:
        raise Refusal(
            _("A product manager has a whole product. A board has moderators."), status=422
        )


@by_administrator
def give(*, person: User, role: str, place: Place, actor: User, now: dt.datetime) -> bool:
    """Let ``person`` have ``role`` on ``place``, instead of what they had there; return whether that changed anything.

    Raises `Refusal` for a role that does not fit the place, for who cannot sign in, and where the last administrator would be
    something else. Lock contract: as `take`.
    """
    return hold(person=person, role=role, place=place, given_by=actor, now=now)


def hold(*, person: User, role: str, place: Place, given_by: User | None, now: dt.datetime) -> bool:
    """Write that ``person`` has ``role`` on ``place``: what `give` does, and what taking an offer does. Raises and locks as `give`."""
    refuse_misfit(role, place)
    with transaction.atomic():
        held = _held(person)
        if held.origin != Origin.SIGNED_UP or not held.is_active:
            raise Refusal(_("Nobody signs in as them, so they can have no role."), status=422)
        is_new = (
            _write_site(held, role) if place == SITE else _write(held, role, place, given_by, now)
        )
        if is_new:
            by = given_by.pk if given_by is not None else None
            _record(Verb.RIGHT_GIVEN, held, role, place, by=by, now=now)
    _told(person, held)
    return is_new


@by_administrator
def take(*, person: User, place: Place, actor: User, now: dt.datetime) -> bool:
    """Take from ``person`` what role they have on ``place``; return whether they had one.

    Raises `Refusal` for the last administrator: somebody has to be able to give roles. Lock contract: the administrators' rows,
    the person's row.
    """
    with transaction.atomic():
        held = _held(person)
        if place == SITE:
            was = held.role
            is_gone = _write_site(held, Role.MEMBER)
        else:
            gone = Right.objects.filter(person=held, product=place.product, board=place.board)
            was = gone.values_list("role", flat=True).first() or ""
            is_gone = bool(gone.delete()[0])
            _sum_up(held)
        if is_gone:
            _record(Verb.RIGHT_TAKEN, held, was, place, by=actor.pk, now=now)
    _told(person, held)
    return is_gone


@transaction.atomic
def take_all(*, boards: Collection[int] = (), products: Collection[int] = ()) -> None:
    """Take every role on these boards and products, which are about to be erased. Lock contract: the people's rows."""
    gone = Right.objects.filter(Q(board__in=boards) | Q(product__in=products))
    people = sorted(set(gone.values_list("person", flat=True)))
    held = list(User.objects.select_for_update().filter(pk__in=people).order_by("pk"))
    gone.delete()
    for one in held:
        _sum_up(one)


def _held(person: User) -> User:
    """Return ``person`` with their row held, after those of the administrators, so that of two at once one stays."""
    list(User.objects.select_for_update().filter(role=Role.ADMIN).order_by("pk"))
    return User.objects.select_for_update().get(pk=person.pk)


def _write_site(held: User, role: str) -> bool:
    if held.role == role:
        return False
    if held.role == Role.ADMIN:
        others = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=held.pk)
        if not others.filter(suspended_until=None).exists():
            raise Refusal(
                _("This is the last administrator. Make somebody else one first."), status=409
            )
        # Who administers no more does not do so by the operator's pages either.
        held.is_staff = held.is_superuser = False
    held.role = role
    held.save(update_fields=["role", "is_staff", "is_superuser"])
    return True


def _write(held: User, role: str, place: Place, given_by: User | None, now: dt.datetime) -> bool:
    right, is_new = Right.objects.get_or_create(
        person=held,
        product=place.product,
        board=place.board,
        defaults={"role": role, "given_by": given_by, "given_at": now},
    )
    if not is_new:
        changed = Right.objects.filter(pk=right.pk).exclude(role=role)
        is_new = bool(changed.update(role=role, given_by=given_by, given_at=now))
    _sum_up(held)
    return is_new


def _sum_up(held: User) -> None:
    """Write the most that ``held`` may do on some part, by the rows that are left. Lock contract: their row, held."""
    roles = set(Right.objects.filter(person=held).values_list("role", flat=True))
    most = next((one for one in (PartRole.MANAGER, PartRole.MODERATOR) if one in roles), "")
    if held.part_role != most:
        held.part_role = most
        held.save(update_fields=["part_role"])


def _told(person: User, held: User) -> None:
    """Have the row that the caller holds on to say the same."""
    person.role, person.part_role = held.role, held.part_role
    forget_reach(person)


def _record(
    verb: Verb, person: User, role: str, place: Place, *, by: int | None, now: dt.datetime
) -> None:
    journal.write(
        verb=verb,
        subject=person,
        actor_id=by,
        now=now,
        data={"person": person.public_id, "role": str(role), "on": place.key},
    )

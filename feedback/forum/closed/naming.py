"""Naming people on a board that its ring alone reads, and taking them out."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from feedback.accounts.models import Origin, User
from feedback.accounts.permissions import by_manager
from feedback.forum.closed.models import BoardMember
from feedback.forum.models import Board
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import text
from feedback.kernel.refusals import Refusal


def members_of(board: Board) -> QuerySet[BoardMember]:
    """Return who is named on ``board`` now, the first first."""
    named = BoardMember.objects.filter(board=board, left_at=None)
    return named.select_related("person", "named_by").order_by("joined_at", "pk")


def person_called(words: str) -> User:
    """Return who can sign in and is called so, by name or by address. Raises `Refusal` for nobody and for several."""
    words = text.one_line(words)
    people = User.objects.filter(origin=Origin.SIGNED_UP, is_active=True)
    found = list(people.filter(Q(display_name__iexact=words) | Q(email__iexact=words))[:2])
    if not words or not found:
        raise Refusal(_("Nobody who can sign in has this name or address."), status=422)
    if len(found) > 1:
        raise Refusal(_("Several people are called so. Give the address instead."), status=422)
    return found[0]


@by_manager
@transaction.atomic
def name_on_board(*, board: Board, person: User, actor: User, now: dt.datetime) -> bool:
    """Name ``person`` on ``board``, for whatever it lets those do who are; return whether they were not. Raises `Refusal` where that lets nobody do anything."""
    if not board.names_people:
        raise Refusal(_("Say first what those who are named on this board may do there."))
    return let_in(board=board, person=person, named_by=actor, now=now)


def let_in(*, board: Board, person: User, named_by: User | None, now: dt.datetime) -> bool:
    """Write that ``person`` is named on ``board``; return whether they were not. Call in a transaction.

    The unique row decides between two at once.
    """
    row, is_new = BoardMember.objects.get_or_create(
        board=board, person=person, defaults={"named_by": named_by, "joined_at": now}
    )
    if not is_new:
        back = BoardMember.objects.filter(pk=row.pk, left_at__isnull=False)
        if not back.update(left_at=None, named_by=named_by):
            return False
    _record(Verb.BOARD_MEMBER_NAMED, board, person, actor=named_by, now=now)
    return True


@by_manager
@transaction.atomic
def take_off_board(*, board: Board, person: User, actor: User, now: dt.datetime) -> bool:
    """Have ``person`` no longer read ``board``; return whether they did. What they wrote there stays."""
    return let_out(board=board, person=person, by=actor, now=now)


def let_out(*, board: Board, person: User, by: User | None, now: dt.datetime) -> bool:
    """Write that ``person`` is not named on ``board`` any more; return whether they were. Call in a transaction."""
    gone = BoardMember.objects.filter(board=board, person=person, left_at=None)
    if not gone.update(left_at=now):
        return False
    _record(Verb.BOARD_MEMBER_TAKEN_OFF, board, person, actor=by, now=now)
    return True


def _record(
    verb: Verb, board: Board, person: User, *, actor: User | None, now: dt.datetime
) -> None:
    journal.write(
        verb=verb,
        subject=board,
        actor_id=actor.pk if actor is not None else None,
        now=now,
        data={"slug": board.slug, "person": person.public_id},
    )

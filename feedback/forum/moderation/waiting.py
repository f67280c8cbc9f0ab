"""A day that passes in silence: what is held, reported or appealed and nobody has decided about is told to the team, and to whom it concerns."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from feedback.accounts.models import Role, User
from feedback.forum.models import Case, Right, Ruling
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb

#: After so long without a decision the team hears of it, each day anew, and who waits hears once that it still does.
SILENCE = dt.timedelta(days=1)


def waiting_since(before: dt.datetime) -> QuerySet[Case]:
    """Return the cases that were opened before then and that nobody has decided about."""
    return Case.objects.filter(closed_at=None, opened_at__lte=before)


def tell_of_silence(*, now: dt.datetime) -> None:
    """Write into the journal for whom a day has passed in silence; what was told is not told again.

    Lock contract: the row of each case, so that nobody decides about it meanwhile.
    """
    for pk in _untold(now=now).values_list("pk", flat=True):
        with transaction.atomic():
            _tell_author(pk, now=now)
    with transaction.atomic():
        _tell_team(now=now)


def _untold(*, now: dt.datetime) -> QuerySet[Case]:
    """Return the old cases in which somebody knows that they wait, and was not told yet that they still do."""
    told = Entry.objects.filter(
        verb=Verb.CASE_WAITED, subject_type=Case._meta.label_lower, subject_id=OuterRef("pk")
    )
    waits = ~Q(held_for=[]) | Exists(Ruling.objects.filter(appeal_case=OuterRef("pk")))
    return waiting_since(now - SILENCE).filter(waits).exclude(Exists(told)).order_by("pk")


def _tell_author(pk: int, *, now: dt.datetime) -> None:
    held = _untold(now=now).filter(pk=pk).select_for_update(of=("self",))
    case = held.first()
    if case is None:
        return
    appeal = Ruling.objects.filter(appeal_case=case).order_by("-pk").first()
    since = appeal.appealed_at if appeal is not None else _held_at(case)
    if since is not None and now - since >= SILENCE:
        journal.write(
            verb=Verb.CASE_WAITED,
            subject=case,
            actor_id=None,
            now=now,
            data={
                "case": case.public_id,
                "ruling": appeal.public_id if appeal is not None else "",
            },
        )


def _held_at(case: Case) -> dt.datetime | None:
    """Return when what ``case`` is about was held last: a report may have opened it long before."""
    thing = case.subject
    held = Entry.objects.filter(
        verb=Verb.HELD, subject_type=thing._meta.label_lower, subject_id=thing.pk
    )
    at: dt.datetime | None = held.order_by("-pk").values_list("at", flat=True).first()
    return at or case.opened_at


def _tell_team(*, now: dt.datetime) -> None:
    oldest = waiting_since(now - SILENCE).order_by("opened_at", "pk").first()
    if oldest is None:
        return
    told = Entry.objects.filter(verb=Verb.CASES_WAITED, at__gt=now - SILENCE)
    if not told.exists():
        journal.write(
            verb=Verb.CASES_WAITED,
            subject=oldest,
            actor_id=None,
            now=now,
            data={"before": (now - SILENCE).isoformat()},
        )


def keeping_order_everywhere() -> QuerySet[User]:
    """Return those of the team who decide about cases of the whole site."""
    return User.objects.filter(is_active=True).exclude(role__in=[Role.MEMBER, Role.ANALYST])


def keeping_order_on(cases: QuerySet[Case]) -> QuerySet[User]:
    """Return who keeps order on a board that one of ``cases`` comes from, by a role on it or on its product alone."""
    boards = set(cases.values_list("post__board", "comment__post__board"))
    named = {pk for pair in boards for pk in pair if pk is not None}
    rights = Right.objects.filter(Q(board__in=named) | Q(product__boards__in=named))
    return User.objects.filter(pk__in=rights.values("person"), is_active=True)

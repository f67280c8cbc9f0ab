"""Counting what came of what people did, from what the tables say now."""

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from feedback.accounts.models import Origin, User
from feedback.accounts.outcomes.kinds import Lowered, People, kinds, lowerings
from feedback.accounts.outcomes.models import Standing
from feedback.kernel.batches import batches

_SAID = ("counts", "total", "new_until", "member_until")


def counted(people: People = None) -> dict[int, Standing]:
    """Return where each of ``people`` stands by the tables, by primary key, without those of whom there is nothing to say.

    Two queries a kind at most, however many people. Who cannot sign in stands nowhere.
    """
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    total: dict[int, int] = defaultdict(int)
    for kind in kinds():
        for pk, number in kind.count(people).items():
            if number:
                counts[pk][kind.key] = number
                total[pk] += number if kind.raises else 0
    lowered: dict[int, Lowered] = {}
    for one in lowerings():
        lowered |= one.of(people)
    found = {}
    for pk in _who_sign_in({*counts, *lowered}):
        until = lowered.get(pk, Lowered())
        found[pk] = Standing(
            person_id=pk,
            counts=counts.get(pk, {}),
            total=total.get(pk, 0),
            new_until=until.new_until,
            member_until=until.member_until,
        )
    return found


def _who_sign_in(people: Collection[int]) -> set[int]:
    members = User.objects.filter(is_active=True, origin=Origin.SIGNED_UP)
    return {
        pk
        for some in batches(people)
        for pk in members.filter(pk__in=some).values_list("pk", flat=True)
    }


def reconcile(*, fix: bool, people: People = None) -> set[int]:
    """Return of whom something else was written than the tables say; with ``fix`` write what they say.

    Done at once by two it is done as by one: both write what is true.
    """
    rows = Standing.objects.all() if people is None else Standing.objects.filter(person__in=people)
    written = {row.person_id: row for row in rows}
    true = counted(people)
    wrong = {pk for pk in {*written, *true} if _said(written.get(pk)) != _said(true.get(pk))}
    if fix and wrong:
        _write(wrong, true)
    return wrong


def _said(row: Standing | None) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _SAID) if row is not None else ()


@transaction.atomic
def _write(people: Collection[int], true: dict[int, Standing]) -> None:
    for some in batches(people):
        Standing.objects.filter(person__in=[pk for pk in some if pk not in true]).delete()
        Standing.objects.bulk_create(
            [true[pk] for pk in some if pk in true],
            update_conflicts=True,
            unique_fields=["person"],
            update_fields=_SAID,
        )

"""The one mark beside a person's name: the honour that they were given last, or the badge that says most, of those that few have."""

from collections.abc import Collection

from feedback.accounts.models import Standing, User
from feedback.accounts.outcomes.kinds import People
from feedback.honours.badges import badges_of
from feedback.honours.models import Holder
from feedback.kernel.batches import batches

#: What the mark of an honour begins with; its public id follows.
HONOUR = "honour:"


def marks(people: People = None) -> dict[int, str]:
    """Return the mark of each of ``people`` by primary key, without those who have none."""
    standings = Standing.objects.all()
    held = Holder.objects.filter(taken_at=None, honour__is_retired=False, person__is_active=True)
    if people is not None:
        standings, held = standings.filter(person__in=people), held.filter(person__in=people)
    found = {}
    for pk, counts in standings.values_list("person", "counts"):
        beside = [badge for badge in badges_of(counts) if badge.is_mark]
        if beside:
            found[pk] = beside[0].key
    given = held.order_by("given_at", "pk").values_list("person", "honour__public_id")
    return found | {pk: f"{HONOUR}{public_id}" for pk, public_id in given}


def reconcile(*, fix: bool, people: Collection[int] | None = None) -> set[int]:
    """Return whose mark is another than they should have; with ``fix`` write the right one."""
    marked = User.objects.exclude(mark="")
    if people is not None:
        marked = marked.filter(pk__in=people)
    written = dict(marked.values_list("pk", "mark"))
    true = marks(people)
    wrong = {pk for pk in {*written, *true} if written.get(pk, "") != true.get(pk, "")}
    if fix:
        for mark in sorted({true.get(pk, "") for pk in wrong}):
            for some in batches(pk for pk in wrong if true.get(pk, "") == mark):
                User.objects.filter(pk__in=some).update(mark=mark)
    return wrong

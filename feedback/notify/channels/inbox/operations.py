"""Writing in the inbox."""

import datetime as dt
from collections.abc import Collection

from feedback.accounts.models import User
from feedback.journal.models import Entry
from feedback.notify.models import Notice
from feedback.notify.occasions import Facts


def put(
    *,
    person_ids: Collection[int],
    key: str,
    thread: str,
    entry: Entry,
    facts: Facts,
    now: dt.datetime,
) -> None:
    """Put a notice into the inbox of each of these people; no-op for those who were told of ``key`` before."""
    Notice.objects.bulk_create(
        [
            Notice(person_id=pk, key=key, thread=thread, entry=entry, data=dict(facts), told_at=now)
            for pk in person_ids
        ],
        ignore_conflicts=True,
    )


def mark_read(*, notice: Notice, now: dt.datetime) -> None:
    """Say that its person has read ``notice``; the first time counts."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=now)


def mark_all_read(*, person: User, now: dt.datetime) -> int:
    """Say that ``person`` has read everything told until ``now``; return how much that was."""
    return Notice.objects.filter(person=person, read_at__isnull=True, told_at__lte=now).update(
        read_at=now
    )

"""Writing in the inbox."""

import datetime as dt

from feedback.accounts.models import User
from feedback.notify.models import Notice


def mark_read(*, notice: Notice, now: dt.datetime) -> None:
    """Say that its person has read ``notice``; the first time counts."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=now)


def mark_all_read(*, person: User, now: dt.datetime) -> int:
    """Say that ``person`` has read everything told until ``now``; return how much that was."""
    return Notice.objects.filter(person=person, read_at__isnull=True, told_at__lte=now).update(
        read_at=now
    )

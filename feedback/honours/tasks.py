"""Jobs of the room that honours people."""

import datetime as dt
from functools import cache

from django.db import connection
from django_tasks import task

from feedback.accounts.outcomes import counting, kinds
from feedback.honours import marking
from feedback.journal.cursor import JournalCursor
from feedback.kernel import clock, doorbell

#: Everything is counted again after so long, whatever the journal says.
_COUNT_EVERY = dt.timedelta(hours=1)


@cache
def _cursor() -> JournalCursor:
    """Return how far this process has read of what may change somebody's standing."""
    return JournalCursor(kinds.verbs(), look_every=_COUNT_EVERY)


@task(queue_name=doorbell.SLOW)
def count_outcomes() -> None:
    """Count what came of what people did, and mark them by it; nothing where nothing happened that changes it."""
    cursor, now = _cursor(), clock.now()
    database = str(connection.settings_dict["NAME"])
    if cursor.is_quiet(database, now=now):
        return
    end = cursor.end(now=now)
    counting.reconcile(fix=True)
    marking.reconcile(fix=True)
    cursor.move_to(end, database, now=now)


def forget() -> None:
    """Have everything counted next time, as after a start."""
    _cursor().forget()

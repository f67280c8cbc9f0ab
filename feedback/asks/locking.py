"""One at a time: whoever changes what belongs to what."""

from django.db import connection, transaction

_GROUPING = 0x48454544  # "HEED"


def hold_grouping() -> None:
    """Wait until nobody else changes memberships, and hold that until the present transaction ends.

    Decisions, placements and the applying of a run all call this first, so that each sees the others whole.
    SQLite's transactions are IMMEDIATE and already come one after another.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("hold_grouping belongs inside a transaction.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_GROUPING])

"""A database that is not there, or not ready, told to the person at the command line in one sentence."""

from django.db.utils import DatabaseError, OperationalError

#: SQLSTATE: no such table or column; and classes for who may not come in, and for what is not there.
_NOT_READY = ("42P01", "42703")
_AWAY = ("08", "28", "3D", "57P")


def sentence_about(error: DatabaseError) -> str:
    """Return what is wrong with the database and what to do, "" where it is something else."""
    cause = error.__cause__
    said = (str(error).splitlines() or [""])[0].rstrip(". ")
    state = getattr(cause, "sqlstate", None) or ""
    if state in _NOT_READY or said.startswith(("no such table", "no such column")):
        return f"The database is not ready ({said}): run python manage.py migrate first."
    is_postgres = type(cause).__module__.startswith("psycopg")
    is_away = state.startswith(_AWAY) if state else is_postgres
    if isinstance(error, OperationalError) and (is_away or said.startswith("unable to open")):
        return (
            f"The database cannot be used ({said}): DATABASE_URL and HEED_DATA_DIR say where it is."
        )
    return ""

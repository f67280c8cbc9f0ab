"""Running every check."""

from collections.abc import Iterator

from feedback.ops.doctor import database, doors, drilled, files, installation, work
from feedback.ops.doctor.finding import Check, Finding, Level


def examine() -> Iterator[Finding]:
    """Yield the finding of every check. When the database does not answer, what lives in it is not asked."""
    for check in installation.CHECKS:
        yield _asked(check)
    answers = _asked(database.reachable)
    yield answers
    if answers.level is Level.FAIL:
        return
    schema = _asked(database.migrations)
    yield schema
    for check in (
        *database.CHECKS,
        *(
            (doors.open_to, *drilled.CHECKS, *files.CHECKS, *work.CHECKS)
            if schema.level is Level.PASS
            else ()
        ),
    ):
        yield _asked(check)


def _asked(check: Check) -> Finding:
    """Return what ``check`` finds. A check that breaks is a finding too."""
    try:
        return check()
    except Exception as error:
        about = check.__name__.replace("_", " ")
        text = " ".join(str(error).split())[:200]
        return Finding.failure(about, f"could not be checked: {type(error).__name__}: {text}")

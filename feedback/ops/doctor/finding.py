"""What a check says, and running all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

Check = Callable[[], "Finding"]


class Level(StrEnum):
    """PASS: as it should be. WARN: works, and a person should know. FAIL: does not work."""

    PASS = "PASS"  # noqa: S105
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    level: Level
    about: str
    words: str

    @classmethod
    def well(cls, about: str, words: str) -> "Finding":
        """Return a PASS."""
        return cls(Level.PASS, about, words)

    @classmethod
    def warning(cls, about: str, words: str) -> "Finding":
        """Return a WARN."""
        return cls(Level.WARN, about, words)

    @classmethod
    def failure(cls, about: str, words: str) -> "Finding":
        """Return a FAIL."""
        return cls(Level.FAIL, about, words)


def examine() -> Iterator[Finding]:
    """Yield the finding of every check. When the database does not answer, what lives in it is not asked."""
    from feedback.ops.doctor import database, installation, work

    for check in installation.CHECKS:
        yield _asked(check)
    answers = _asked(database.reachable)
    yield answers
    if answers.level is Level.FAIL:
        return
    schema = _asked(database.migrations)
    yield schema
    for check in (*database.CHECKS, *(work.CHECKS if schema.level is Level.PASS else ())):
        yield _asked(check)


def _asked(check: Check) -> Finding:
    """Return what ``check`` finds. A check that breaks is a finding too."""
    try:
        return check()
    except Exception as error:
        about = check.__name__.replace("_", " ")
        text = " ".join(str(error).split())[:200]
        return Finding.failure(about, f"could not be checked: {type(error).__name__}: {text}")

"""What a check says."""

from collections.abc import Callable
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

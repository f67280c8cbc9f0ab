"""What somebody wants to see of the table of asks: read from an address, and written into one."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Self
from urllib.parse import urlencode

from feedback.asks.stages import Stage
from feedback.kernel import text

#: What a choice of areas or owners says for "none", and one of owners for whoever looks.
NONE, ME = "none", "me"
STATES = ("public", "proposed", "dismissed")
#: What the table may be sorted by; "-" before it for the other way round.
SORTS = ("people", "critical", "growth", "title", "stage", "answered", "owner", "age", "fresh")
#: What a first press on a head sorts from small to large, or from old to new.
UPWARDS = ("title", "stage", "owner", "age")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "state": STATES,
    "stage": tuple(Stage.values),
    "answered": ("yes", "no"),
    "growing": ("yes",),
    "promised": ("yes", "late"),
    "language": ("en", "zh"),
    "near": ("1",),
}
#: Filters that are numbers.
_NUMBERS = ("people", "younger", "older")
#: Letters of a filter that are read.
_MOST = 200


@dataclass(frozen=True)
class Wanted:
    """The filters and the order; an empty word is no filter. ``younger`` and ``older`` are days since it was found."""

    state: str = "public"
    q: str = ""
    near: str = ""
    stage: str = ""
    answered: str = ""
    owner: str = ""
    area: str = ""
    board: str = ""
    language: str = ""
    version: str = ""
    people: str = ""
    younger: str = ""
    older: str = ""
    growing: str = ""
    promised: str = ""
    segment: str = ""
    sort: str = "-people"

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """Return what the query of an address wants; what it cannot mean is left out."""
        known = {}
        for field in fields(cls):
            said = text.one_line(str(query.get(field.name, "")))[:_MOST]
            if said and _means_something(field.name, said):
                known[field.name] = said
        return cls(**known)

    def but(self, **changes: str) -> Self:
        """Return the same with ``changes``."""
        return replace(self, **changes)

    @property
    def query(self) -> str:
        """The query of its address, the same for the same table; empty where it is the one that opens."""
        plain = type(self)()
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({name: it for name, it in said.items() if it != getattr(plain, name)})

    @property
    def filters(self) -> int:
        """How many filters are set that stand in the fold."""
        folded = set(_CHOICES) | set(_NUMBERS) | {"owner", "area", "board", "version", "segment"}
        return sum(bool(getattr(self, name)) for name in folded - {"state", "near"})

    @property
    def by(self) -> str:
        """The column it is sorted by."""
        return self.sort.removeprefix("-")

    @property
    def goes_down(self) -> bool:
        """Whether the largest or the newest stands first."""
        return self.sort.startswith("-")

    def pressed(self, column: str) -> Self:
        """Return the same sorted by ``column``: the other way round where it is so already."""
        if self.by == column:
            return self.but(sort=column if self.goes_down else f"-{column}")
        return self.but(sort=column if column in UPWARDS else f"-{column}")


def _means_something(name: str, said: str) -> bool:
    if name in _CHOICES:
        return said in _CHOICES[name]
    if name in _NUMBERS:
        return said.isascii() and said.isdigit() and len(said) <= 6
    if name == "sort":
        return said.removeprefix("-") in SORTS
    return True

"""How many people want something, where many of them may be one crowd: camps, their spread, and a lower bound. Pure."""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import NormalDist

#: How sure the lower bound is.
SURE = 0.95
_Z = NormalDist().inv_cdf(SURE)


@dataclass(frozen=True)
class Reach:
    """How many want it. ``people`` are all of them; ``camps`` the sizes of the crowds among them, largest first.

    ``spread`` counts a crowd as the square root of its size, ``weighted`` the same with each person's weight, and
    ``low`` is what ``weighted`` is at least, `SURE` to be so.
    """

    people: int
    spread: float
    weighted: float
    low: float
    camps: tuple[int, ...] = ()

    @property
    def is_corrected(self) -> bool:
        """Whether any of them came as a crowd."""
        return bool(self.camps) and self.camps[0] > 1


NOBODY = Reach(0, 0.0, 0.0, 0.0)


def camps(ties: Sequence[Collection[Hashable]]) -> list[list[int]]:
    """Return the crowds of people: whoever shares a tie with another is of one crowd with them, and with theirs.

    ``ties`` (n,) are what each person has in common with others. Returns the numbers of the people of each crowd.
    """
    head = list(range(len(ties)))

    def top(person: int) -> int:
        while head[person] != person:
            head[person] = head[head[person]]
            person = head[person]
        return person

    first: dict[Hashable, int] = {}
    for person, those in enumerate(ties):
        for tie in those:
            one, other = top(first.setdefault(tie, person)), top(person)
            head[max(one, other)] = min(one, other)
    found: dict[int, list[int]] = {}
    for person in range(len(ties)):
        found.setdefault(top(person), []).append(person)
    return list(found.values())


def reach(ties: Sequence[Collection[Hashable]], weights: Sequence[float] | None = None) -> Reach:
    """Return how many want something, from the ties (n,) and the weights (n,) of the people; the order of them is nothing.

    A crowd of n counts as the square root of n: three hundred accounts of one crowd stay below twenty people who have
    nothing to do with each other. Raises `ValueError` for weights of other people, or below nothing.
    """
    each = weights if weights is not None else [1.0] * len(ties)
    if len(each) != len(ties) or any(weight < 0 for weight in each):
        raise ValueError("Each person has one weight, nothing or more.")
    if not ties:
        return NOBODY
    found = camps(ties)
    spread = fsum(sorted(sqrt(len(camp)) for camp in found))
    weighted = fsum(
        sorted(fsum(each[person] for person in camp) / sqrt(len(camp)) for camp in found)
    )
    return Reach(
        people=len(ties),
        spread=spread,
        weighted=weighted,
        low=weighted * at_least(spread) / spread,
        camps=tuple(sorted(map(len, found), reverse=True)),
    )


def at_least(count: float) -> float:
    """Return the lower bound of what was counted as ``count``, 1 or more, as a Poisson number; it may be broken.

    The bound of Garwood (1936) by the approximation of Wilson and Hilferty (1931), which is close from one on.
    """
    if count <= 0:
        return 0.0
    return count * float(max(0.0, 1 - 1 / (9 * count) - _Z / (3 * sqrt(count))) ** 3)


def shared(ties: Sequence[Collection[Hashable]], *, by: int) -> list[list[Hashable]]:
    """Return of each person the ties that at least ``by`` of them share: what two have in common is often chance."""
    numbers = Counter(tie for those in ties for tie in set(those))
    return [[tie for tie in those if numbers[tie] >= by] for those in ties]

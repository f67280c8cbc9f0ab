"""Asks by what they are worth and what they cost: a picture of four fields, and the same as a table. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from statistics import median

from django.utils.translation import gettext as _

from feedback.measure.priority.ranking import Row

WIDTH, HEIGHT, EDGE = 720, 400, 26
#: Asks in the picture: the first ones.
MOST = 60
_SMALLEST, _LARGEST = 9.0, 24.0


@dataclass(frozen=True)
class Spot:
    """One ask in the picture: its place in the order, and where it stands, in the units of the drawing."""

    number: int
    row: Row
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Field:
    """One of the four fields: what it is called, where its name stands, and its asks in order."""

    name: str
    x: int
    y: int
    anchor: str
    spots: list[Spot]


@dataclass(frozen=True)
class Quadrants:
    """The picture. ``across`` and ``down`` are where the lines stand that part the fields."""

    spots: list[Spot]
    fields: list[Field]
    across: float
    down: float
    width: int = WIDTH
    height: int = HEIGHT


def quadrants(rows: Sequence[Row]) -> Quadrants | None:
    """Return the picture of the first rows whose value and effort are known; None where there are fewer than two.

    Both axes are logarithmic, and the fields are parted in the middle of the asks that are shown.
    """
    shown = [
        (number, row)
        for number, row in enumerate(rows, 1)
        if row.effort and row.value is not None and row.value > 0
    ][:MOST]
    if len(shown) < 2:
        return None
    efforts = [log(row.effort or 1) for _n, row in shown]
    values = [log(row.value or 1) for _n, row in shown]
    most = max(row.wanting.reach.people for _n, row in shown)
    spots = [
        Spot(
            number,
            row,
            _between(log(row.effort or 1), efforts, WIDTH),
            HEIGHT - _between(log(row.value or 1), values, HEIGHT),
            round(max(_SMALLEST, _LARGEST * sqrt(row.wanting.reach.people / max(most, 1))), 1),
        )
        for number, row in shown
    ]
    down = _between(median(efforts), efforts, WIDTH)
    across = HEIGHT - _between(median(values), values, HEIGHT)
    largest_first = sorted(spots, key=lambda spot: (-spot.radius, spot.number))
    return Quadrants(largest_first, _fields(spots, across, down), across, down)


def _between(value: float, those: Sequence[float], length: int) -> float:
    """Return where ``value`` stands on an axis of ``length`` that holds ``those``."""
    low, high = min(those), max(those)
    share = (value - low) / (high - low) if high > low else 0.5
    return round(EDGE + share * (length - 2 * EDGE), 1)


def _fields(spots: Sequence[Spot], across: float, down: float) -> list[Field]:
    named = (
        (_("Quick wins"), False, True, 10, 20, "start"),
        (_("Big bets"), True, True, WIDTH - 10, 20, "end"),
        (_("Small things"), False, False, 10, HEIGHT - 10, "start"),
        (_("Not now"), True, False, WIDTH - 10, HEIGHT - 10, "end"),
    )
    return [
        Field(
            name,
            x,
            y,
            anchor,
            [one for one in spots if (one.x > down) == is_dear and (one.y <= across) == is_worth],
        )
        for name, is_dear, is_worth, x, y, anchor in named
    ]

"""What of the asks that rise is worth a line."""

from collections.abc import Sequence

from feedback.measure.alerts.queries import Grown

#: Rows of each list that may be chance: what does not stand out is no news.
SHOWN = 10
#: People from which a rise is shown; to stand out takes more.
FEWEST = 3


def notable(rows: Sequence[Grown], sort: str = "strength") -> list[Grown]:
    """Return what rises with a few people behind it, in the order asked for: the first, and all that cannot be chance."""
    rising = [row for row in rows if row.people >= FEWEST and row.ratio > 1]
    if sort == "people":
        rising.sort(key=lambda row: (-row.people, -row.low))
    return [row for at, row in enumerate(rising) if at < SHOWN or row.low >= 1]

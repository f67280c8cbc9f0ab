"""The lists of the trends page as rows of a file."""

from collections.abc import Iterable, Iterator, Sequence

from feedback.asks.models import Ask
from feedback.desk.trends.notable import notable
from feedback.desk.trends.parts import PartRow
from feedback.kernel.sheets import Cell
from feedback.measure.alerts.fading import Faded
from feedback.measure.alerts.queries import Watched

#: Names of the columns: for a program, so the same in every language.
HEAD = (
    "list", "part", "id", "title", "first", "last", "people", "posts", "past", "expected", "ratio", "bound",
)  # fmt: skip


def rows(
    watched: Watched, faded: Iterable[Faded], parts: Iterable[PartRow]
) -> Iterator[Sequence[Cell]]:
    """Yield the head and a row for each ask of each list; a bound is the lower one of what grows, the upper one of what fades."""
    yield HEAD
    named = (
        ("growing", watched.growth),
        ("burst", watched.bursts),
        ("after_release", watched.after),
        ("72_hours_after_release", watched.first_days),
    )
    lists = [(name, notable(found)) for name, found in named]
    asks = Ask.objects.in_bulk({one.ask_id for _name, found in lists for one in found})
    for name, found in lists:
        for one in found:
            if (ask := asks.get(one.ask_id)) is not None:
                days = (one.first.isoformat(), one.last.isoformat())
                counts = (one.people, one.posts, one.past)
                times = (round(one.expected, 2), round(one.ratio, 2), round(one.low, 2))
                yield (name, one.version, ask.public_id, ask.title, *days, *counts, *times)
    for fade in faded:
        yield (
            "fading", "", fade.ask.public_id, fade.ask.title, "", "", "", fade.posts, fade.past, "", "", round(fade.high, 2),
        )  # fmt: skip
    for row in parts:
        moved = row.moved
        yield (
            f"{'growing' if moved.is_growing else 'fading'}_by_{row.part.value.lower()}",
            row.name,
            row.ask.public_id,
            row.ask.title,
            "",
            "",
            moved.people,
            moved.posts,
            moved.past,
            "",
            "",
            round(moved.bound, 2),
        )

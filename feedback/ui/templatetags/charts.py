"""Charts drawn on the server: SVG that prints, obeys the content policy and has a table as its twin."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from feedback.ui.templatetags.wording import ago

register = template.Library()

Point = tuple[dt.date, int]
Mark = tuple[dt.date, str]
_WIDTH = 600.0


def line_path(values: Sequence[int], *, width: float, height: float, ceiling: int) -> str:
    """Return the SVG path of ``values`` spread over ``width``, zero at ``height``, ``ceiling`` at 0."""
    if not values:
        return ""
    step = width / max(len(values) - 1, 1)
    spots = [
        f"{index * step:.1f} {height - value / max(ceiling, 1) * height:.1f}"
        for index, value in enumerate(values)
    ]
    if len(spots) == 1:
        spots.append(f"{width:.1f} {spots[0].split()[1]}")
    return "M" + "L".join(spots)


@dataclass(frozen=True)
class Marked:
    """What happened on a ``day``, ``x`` across the line, and the point of the line it falls into."""

    day: dt.date
    name: str
    x: str
    point: Point


def _placed(marks: Iterable[Mark], series: Sequence[Point]) -> Iterator[Marked]:
    """Yield ``marks`` where they stand on the line of ``series``, oldest first."""
    days = [day for day, _count in series]
    if len(days) < 2:
        return
    step = _WIDTH / (len(days) - 1)
    end = days[-1] + (days[-1] - days[-2])
    for day, name in sorted(marks):
        if days[0] <= day < end:
            at = bisect_right(days, day) - 1
            yield Marked(day, name, f"{at * step:.1f}", series[at])


@register.inclusion_tag("ui/components/_trend.html")
def trend(
    points: Iterable[Point], label: str = "", height: int = 120, marks: Iterable[Mark] = ()
) -> dict[str, Any]:
    """Draw a line of counts over time, with its table folded beneath.

    Args:
        points: (date, count), oldest first.
        label: what is counted, in words ("posts a week").
        height: in pixels; the width follows the page.
        marks: (date, name) of what happened meanwhile; what lies outside the line is left out.
    """
    series = list(points)
    values = [value for _, value in series]
    marked = list(_placed(marks, series))
    ceiling = max(values, default=0)
    line = line_path(values, width=_WIDTH, height=height, ceiling=ceiling)
    return {
        "points": series,
        "rows": [(*point, [one for one in marked if one.point == point]) for point in series],
        "marks": marked,
        "label": label,
        "width": int(_WIDTH),
        "height": height,
        "line": line,
        "area": f"{line}L{_WIDTH:.1f} {height}L0 {height}Z" if line else "",
        "ceiling": ceiling,
        "total": sum(values),
        "first": series[0][0] if series else None,
        "last": series[-1][0] if series else None,
    }


@register.simple_tag
def sparkline(points: Iterable[Point], width: int = 88, height: int = 22) -> SafeString:
    """Draw ``points`` as a line among words; its tip says from when to when.

    Hidden from readers that do not see: say the total beside it.
    """
    series = list(points)
    values = [value for _, value in series]
    if not values:
        return SafeString("")
    inner = height - 3
    line = line_path(values, width=width - 4, height=inner, ceiling=max(values))
    last = inner - values[-1] / max(max(values), 1) * inner
    return format_html(
        '<svg class="sparkline" width="{}" height="{}" viewBox="-1 -1.5 {} {}" fill="none"'
        ' stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"'
        ' aria-hidden="true" focusable="false"><title>{} – {}</title><path d="{}"/>'
        '<circle cx="{}" cy="{}" r="2" fill="currentColor" stroke="none"/></svg>',
        width,
        height,
        width,
        height,
        ago(series[0][0]),
        ago(series[-1][0]),
        line,
        width - 4,
        f"{last:.1f}",
    )

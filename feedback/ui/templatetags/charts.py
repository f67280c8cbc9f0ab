"""Charts drawn on the server: SVG that prints, obeys the content policy and has a table as its twin."""

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from feedback.ui.templatetags.wording import ago

register = template.Library()

Point = tuple[dt.date, int]
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


@register.inclusion_tag("asks/_trend.html")
def trend(
    points: Iterable[Point], label: str = "", height: int = 120, mark: Any = None
) -> dict[str, Any]:
    """Draw a line of counts over time, with its table folded beneath.

    Args:
        points: (date, count), oldest first.
        label: what is counted, in words ("posts a week").
        height: in pixels; the width follows the page.
        mark: a date to mark on the line (a release), if any.
    """
    series = list(points)
    values = [value for _, value in series]
    ceiling = max(values, default=0)
    line = line_path(values, width=_WIDTH, height=height, ceiling=ceiling)
    marked_at = None
    if mark and len(series) > 1:
        span = (series[-1][0] - series[0][0]).days or 1
        at = (mark - series[0][0]).days / span
        marked_at = f"{at * _WIDTH:.1f}" if 0 <= at <= 1 else None
    return {
        "points": series,
        "label": label,
        "width": int(_WIDTH),
        "height": height,
        "line": line,
        "area": f"{line}L{_WIDTH:.1f} {height}L0 {height}Z" if line else "",
        "ceiling": ceiling,
        "total": sum(values),
        "first": series[0][0] if series else None,
        "last": series[-1][0] if series else None,
        "marked_at": marked_at,
        "mark": mark,
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


@register.simple_tag
def confluence(posts: int, asks: int, answered: int) -> SafeString:
    """Draw a forum's posts as threads that flow together into asks, the answered ones in full ink.

    The picture keeps the proportions honest: the share of trunks in ink is the share of asks with an
    answer, and without asks every thread ends on its own. The same numbers give the same picture.
    """
    draw = random.Random(7)  # noqa: S311 (a picture, not a secret)
    width, height = 1200.0, 200.0
    threads = max(6, min(96, posts))
    trunks = min(13, asks, threads // 3) if asks else 0
    weights = [1 / (rank + 1.4) for rank in range(trunks)]
    order = list(range(trunks))
    draw.shuffle(order)
    lanes = {rank: 8 + (height - 16) * (place + 0.5) / trunks for place, rank in enumerate(order)}
    sizes = dict.fromkeys(range(trunks), 0)
    loose, tied = [], []
    for index in range(threads):
        y = 2 + (height - 4) * index / (threads - 1)
        if not trunks or draw.random() < 0.08:
            end = width * draw.uniform(0.22, 0.44)
            loose.append((f"M0 {y:.1f}H{end:.0f}", f"M{end:.0f} {y:.1f}h0"))
            continue
        near = [
            weight / (1 + abs(lanes[rank] - y) / 40) ** 2 for rank, weight in enumerate(weights)
        ]
        rank = draw.choices(range(trunks), near)[0]
        sizes[rank] += 1
        start, end = width * draw.uniform(0.0, 0.12), width * draw.uniform(0.62, 0.70)
        bend = (start + end) / 2
        lane = lanes[rank]
        tied.append(
            f"M0 {y:.1f}H{start:.0f}C{bend:.0f} {y:.1f} {bend:.0f} {lane:.1f} {end:.0f} {lane:.1f}H{width * 0.72:.0f}"
        )
    drawn = sorted((rank for rank in sizes if sizes[rank]), key=lambda rank: -sizes[rank])
    inked = min(len(drawn), max(1, round(len(drawn) * answered / asks))) if asks and answered else 0
    ends = {rank: 0.975 if place < inked else 0.86 for place, rank in enumerate(drawn)}
    lines = [
        (
            " confluence__trunk--answered" if ends[rank] > 0.9 else "",
            min(4, 1 + round(sizes[rank] ** 0.5 * 0.6)),
            f"M{width * 0.705:.0f} {lanes[rank]:.1f}H{width * ends[rank]:.0f}",
            "confluence__stop" if ends[rank] > 0.9 else "confluence__wait",
            f"M{width * ends[rank]:.0f} {lanes[rank]:.1f}h0",
        )
        for rank in drawn
    ]
    return format_html(
        '<svg class="confluence" viewBox="0 0 1200 200" preserveAspectRatio="none" fill="none"'
        ' stroke="currentColor" stroke-linecap="round" aria-hidden="true" focusable="false">{}{}{}</svg>',
        format_html_join(
            "",
            '<path class="confluence__thread" d="{}"/><path class="confluence__end" d="{}"/>',
            loose,
        ),
        format_html_join(
            "", '<path class="confluence__thread" d="{}"/>', ((path,) for path in tied)
        ),
        format_html_join(
            "",
            '<path class="confluence__trunk{} confluence__trunk--{}" d="{}"/><path class="{}" d="{}"/>',
            lines,
        ),
    )

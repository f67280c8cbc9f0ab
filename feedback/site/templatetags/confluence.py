"""The picture of the home page: a forum's posts that flow together into its asks."""

import random
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=16)
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

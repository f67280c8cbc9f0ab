"""Heed's pictures: small icons, stage shapes, and the mark of an ask (many lines becoming one).

Everything is inline SVG without style attributes, so that it obeys the content security policy, takes the
colour of the words beside it and needs no request of its own.
"""

import math
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Drawn on a 20 by 20 grid with a stroke of 1.5; "fill:" in front means a filled shape.
_ICONS: dict[str, str] = {
    "posts": "M3 5h14M3 10h14M3 15h9",
    "roadmap": "M3 5h5M3 10h9M3 15h7M14 15h.01M17 10h.01M12 5h.01",
    "desk": "M3 11h4l1.5 2.5h3L13 11h4M4.5 4h11L17 11v5H3v-5z",
    "search": "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.5 13.5 17 17",
    "bell": "M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3",
    "plus": "M10 4v12M4 10h12",
    "check": "M4 10.5 8 14.5 16 6",
    "close": "M5 5l10 10M15 5 5 15",
    "chevron": "M6 8l4 4 4-4",
    "next": "M8 5l5 5-5 5",
    "previous": "M12 5l-5 5 5 5",
    "person": "M10 10a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5zM3.5 17c.8-3 3.4-4.5 6.5-4.5s5.7 1.5 6.5 4.5",
    "comment": "M3.5 4.5h13v9H10L6 17v-3.5H3.5z",
    "clock": "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.5l3 1.5",
    "undo": "M7 5 3.5 8.5 7 12M4 8.5h7.5a4 4 0 0 1 0 8H9",
    "edit": "M4 16l.8-3.2L13.5 4 16 6.5 7.2 15.2z",
    "join": "M3 4c5 0 4 6 9 6h5M3 16c5 0 4-6 9-6M14.5 7.5 17 10l-2.5 2.5",
    "split": "M3 10h4c5 0 4-6 9-6M7 10c5 0 4 6 9 6M13.5 2 16 4l-2 2.5M14 13.5l2 2.5-2.5 2",
    "move": "M3 10h13M12 5.5 16.5 10 12 14.5",
    "lock": "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
    "answer": "M4 4h12v9H9l-3.5 3.5V13H4zM7 7.25h6M7 10h4",
    "train": "M6 3h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM4 9.5h12M7 12.3h.01M13 12.3h.01M6.5 15 5 18M13.5 15l1.5 3",
    "flag": "M5 17.5V3M5 4h10l-2.5 3.5L15 11H5",
    "alert": "M10 3 18 16.5H2zM10 8v4M10 14.3h.01",
    "globe": "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM3 10h14M10 3c4 4.5 4 9.5 0 14M10 3c-4 4.5-4 9.5 0 14",
    "menu": "M3 6h14M3 10h14M3 14h14",
    "more": "M4.5 10h.01M10 10h.01M15.5 10h.01",
    "leave": "M8 3.5H4v13h4M8 10h9M13.5 6.5 17 10l-3.5 3.5",
    "link": "M8.5 11.5l3-3M9.5 6 11 4.5a3.2 3.2 0 0 1 4.5 4.5L14 10.5M10.5 14 9 15.5A3.2 3.2 0 0 1 4.5 11L6 9.5",
    "keyboard": "M2.5 5.5h15v9h-15zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M7 11.5h6",
    "pin": "M7 3h6M8 3v5l-3 3.5h10L12 8V3M10 11.5V17",
    "want": "M10 5.5 16 13.5H4z",
    "heart": "M10 16.5C5 12.8 3 10.4 3 7.7A3.7 3.7 0 0 1 6.7 4 3.9 3.9 0 0 1 10 6a3.9 3.9 0 0 1 3.3-2A3.7 3.7 0 0 1 17 7.7c0 2.7-2 5.1-7 8.8z",
    "smile": "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7 12c1.6 2 4.4 2 6 0M7.5 8h.01M12.5 8h.01",
    "popcorn": "M4.5 8.5h11L14 17.5H6zM8 8.5l.7 9M12 8.5l-.7 9M4.5 8.5a2 2 0 0 1 .6-3.9A2.6 2.6 0 0 1 9.6 3a2.3 2.3 0 0 1 3.9 1 2.3 2.3 0 0 1 2 4.5",
}  # fmt: skip

# A stage is a station: the fuller the disc, the further along the line. Declined is a barred square.
_STAGES: dict[str, tuple[str, str]] = {
    "UNDER_REVIEW": (
        "review",
        '<circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" stroke-width="1.75"'
        ' stroke-dasharray="2.1 1.9"/>',
    ),
    "PLANNED": (
        "planned",
        '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="2.25"/>',
    ),
    "IN_PROGRESS": (
        "progress",
        '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="2.25"/>'
        '<path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor"/>',
    ),
    "BETA": (
        "beta",
        '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="2.25"/>'
        '<circle cx="8" cy="8" r="2.75" fill="currentColor"/>',
    ),
    "SHIPPED": (
        "shipped",
        '<circle cx="8" cy="8" r="6.75" fill="currentColor"/>'
        '<path d="M4.9 8.3 7.1 10.5 11.2 5.8" fill="none" class="stage-tick"'
        ' stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"/>',
    ),
    "DECLINED": (
        "declined",
        '<rect x="2.25" y="2.25" width="11.5" height="11.5" rx="2" fill="none"'
        ' stroke="currentColor" stroke-width="2"/>'
        '<path d="M5 8h6" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>',
    ),
}


@register.simple_tag
@lru_cache(maxsize=4096)
def icon(name: str, size: int = 20) -> SafeString:
    """Draw the icon ``name``, hidden from readers that do not see: put a word or a label beside it.

    Raises:
        KeyError: there is no such icon.
    """
    return format_html(
        '<svg class="icon" width="{}" height="{}" viewBox="0 0 20 20" fill="none" stroke="currentColor"'
        ' stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"'
        ' focusable="false"><path d="{}"/></svg>',
        size,
        size,
        _ICONS[name],
    )


@register.simple_tag
@lru_cache(maxsize=4096)
def stage_shape(stage: str, size: int = 16) -> SafeString:
    """Draw the shape of ``stage`` (a value such as ``PLANNED``) in its colour. An unknown one looks unreviewed."""
    name, shape = _STAGES.get(str(stage), _STAGES["UNDER_REVIEW"])
    return format_html(
        '<svg class="stage-shape stage-shape--{}" width="{}" height="{}" viewBox="0 0 16 16"'
        ' aria-hidden="true" focusable="false">{}</svg>',
        name,
        size,
        size,
        mark_safe(shape),  # noqa: S308 (a constant of this module)
    )


@register.filter
def stage_name(stage: str) -> str:
    """Return the short name of ``stage`` that CSS uses, "review" for an unknown one."""
    return _STAGES.get(str(stage), _STAGES["UNDER_REVIEW"])[0]


def _strands(posts: int, most: int) -> int:
    """Return how many lines stand for ``posts``: from 2 to ``most``, more slowly the more there are."""
    return max(2, min(most, 1 + round(math.log2(max(posts, 1)) * 0.9)))


@register.simple_tag
@lru_cache(maxsize=4096)
def ask_mark(size: int = 20, posts: int = 8, people: int = 8, answered: bool = False) -> SafeString:
    """Draw the mark of an ask: many lines become one, and the one arrives.

    The mark tells a little of its ask: more posts, more lines; more people, a stronger trunk; an answer, a
    filled station at its end. A large mark is drawn finer, as a pen would.

    Args:
        size: width and height in pixels.
        posts: posts in the ask.
        people: people behind it, counted once.
        answered: whether the team has answered it.
    """
    size, posts, people = int(size), int(posts or 0), int(people or 1)
    fine = size >= 32
    strands = _strands(posts, 9 if fine else 5)
    pen = (
        (1.3 if strands <= 4 else 1.0 if strands <= 6 else 0.75)
        if fine
        else (1.7 if strands <= 3 else 1.4)
    )
    trunk = min(2.8, 1.5 + 0.5 * math.log10(max(people, 1))) if fine else 2.2
    top, bottom = 2.0, 22.0
    step = (bottom - top) / (strands - 1)
    lines = format_html_join(
        "",
        '<path d="M1 {}C8 {} 6.5 12 14 12"/>',
        ((f"{top + step * i:.2f}",) * 2 for i in range(strands)),
    )
    return format_html(
        '<svg class="ask-mark" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-linecap="round" aria-hidden="true" focusable="false">'
        '<g stroke-width="{}">{}</g><path stroke-width="{}" d="M13 12H17"/>'
        '<circle cx="20" cy="12" r="{}" stroke-width="{}"{}/></svg>',
        size,
        size,
        pen,
        lines,
        f"{trunk:.2f}",
        2.4 if fine else 2.6,
        1.25 if fine else 1.7,
        mark_safe(' fill="currentColor"') if answered else "",
    )

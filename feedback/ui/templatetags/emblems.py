"""Emblems: the small drawn signs of badges and honours."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# Drawn into a disc on a 20 by 20 grid.
_SIGNS: dict[str, str] = {
    "seedling": "M10 15.5V9.5M10 10.2C10 7.4 7.9 6 5.2 5.9c0 2.9 1.8 4.3 4.8 4.3zM10 8.6c0-2.3 1.9-3.7 4.7-3.8 0 2.6-1.8 3.8-4.7 3.8z",
    "train": "M7.3 4.8h5.4a1.6 1.6 0 0 1 1.6 1.6v5a1.6 1.6 0 0 1-1.6 1.6H7.3a1.6 1.6 0 0 1-1.6-1.6v-5a1.6 1.6 0 0 1 1.6-1.6zM5.7 9.2h8.6M7.8 13l-1.3 2.4M12.2 13l1.3 2.4",
    "answer": "M5 5.5h10v7H9.6L7 14.9v-2.4H5zM7.7 8.9l1.6 1.6 3-3",
    "lamp": "M10 4.4a4 4 0 0 1 2.1 7.4v1.7H7.9v-1.7A4 4 0 0 1 10 4.4zM8.4 15.7h3.2",
    "ring": "M10 15.2a5.2 5.2 0 1 0 0-10.4 5.2 5.2 0 0 0 0 10.4zM10 11.9a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8z",
    "shield": "M10 4.4l4.7 1.7v3.7c0 2.8-1.9 4.8-4.7 5.8-2.8-1-4.7-3-4.7-5.8V6.1z",
    "compass": "M10 15.4a5.4 5.4 0 1 0 0-10.8 5.4 5.4 0 0 0 0 10.8zM12.3 7.7l-1.3 3.3-3.3 1.3L9 9z",
    "star": "M10 4.5l1.7 3.5 3.8.5-2.8 2.7.7 3.8-3.4-1.8L6.6 15l.7-3.8-2.8-2.7 3.8-.5z",
    "heart": "M10 14.9C6.5 12.4 5 10.7 5 8.8a2.6 2.6 0 0 1 2.6-2.6A2.8 2.8 0 0 1 10 7.6a2.8 2.8 0 0 1 2.4-1.4A2.6 2.6 0 0 1 15 8.8c0 1.9-1.5 3.6-5 6.1z",
    "code": "M7.6 6.6 4.6 10l3 3.4M12.4 6.6l3 3.4-3 3.4M10.9 5.6l-1.8 8.8",
    "quill": "M14.9 5c-4.8 0-7.8 3.2-8.4 8.3L5.3 15M6.8 12.5c3.6 0 6.4-2.1 8.1-7.5M8.7 10.5h2.7",
    "flask": "M8.2 4.7h3.6M8.8 4.7v4.1l-3 5a1.1 1.1 0 0 0 1 1.7h6.4a1.1 1.1 0 0 0 1-1.7l-3-5V4.7M7.4 12h5.2",
    "spark": "M10 4.4v3.2M10 12.4v3.2M4.4 10h3.2M12.4 10h3.2M6.1 6.1l2.2 2.2M11.7 11.7l2.2 2.2M13.9 6.1l-2.2 2.2M8.3 11.7l-2.2 2.2",
    "globe": "M10 15.4a5.4 5.4 0 1 0 0-10.8 5.4 5.4 0 0 0 0 10.8zM4.6 10h10.8M10 4.6c2.9 3.3 2.9 7.5 0 10.8M10 4.6c-2.9 3.3-2.9 7.5 0 10.8",
}  # fmt: skip


@register.simple_tag
@lru_cache(maxsize=256)
def emblem(sign: str, kind: str = "badge", size: int = 18) -> SafeString:
    """Draw the emblem ``sign``, hidden from readers that do not see: put its name beside it.

    Args:
        sign: what stands in the disc; one that is not known is a star.
        kind: "badge", which came by outcomes, "honour", which the team gave, or "none", which somebody does not have.
        size: width and height in pixels.
    """
    return format_html(
        '<svg class="emblem emblem--{}" width="{}" height="{}" viewBox="0 0 20 20" aria-hidden="true"'
        ' focusable="false"><circle class="emblem__disc" cx="10" cy="10" r="9.4"/>'
        '<path class="emblem__sign" d="{}"/></svg>',
        kind,
        size,
        size,
        _SIGNS.get(sign, _SIGNS["star"]),
    )

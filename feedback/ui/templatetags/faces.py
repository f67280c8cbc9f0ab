"""Faces: the picture that a person chose, or one that is drawn from who they are."""

import math
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from feedback.ui.templatetags.wording import hue, initial

register = template.Library()

_STRANDS = 4


@register.simple_tag
def face(person: Any, size: str = "") -> SafeString:
    """Draw the face of ``person``, hidden from readers that do not see: put the name beside it.

    Args:
        person: has .public_id, .name and .face_address, "" where they chose no picture.
        size: "large" for the head of a page.
    """
    form = f" face--{size}" if size else ""
    if person.face_address:
        return format_html(
            '<img class="face{}" src="{}" alt="" width="192" height="192" loading="lazy">',
            form,
            person.face_address,
        )
    return _drawn(str(person.public_id), initial(person.name), form)


@lru_cache(maxsize=4_096)
def _drawn(public_id: str, letter: str, form: str) -> SafeString:
    """Draw a letter before lines that become one, bent as nobody else's: the same person always has the same."""
    seed = 0
    for sign in public_id:
        seed = (seed * 31 + ord(sign)) % 1_000_003
    turn = seed % 360
    lines = []
    for strand in range(_STRANDS):
        bend = 4 + (seed >> (3 * strand)) % 28
        lines.append((f"{-4 + strand * 8 + seed % 5}", f"{bend}", f"{40 - bend}"))
    meet = 16 + 8 * math.sin(seed)
    strands = format_html_join(
        "", '<path d="M-8 {}C8 {} 20 {} 48 {}"/>', ((*one, f"{meet:.1f}") for one in lines)
    )
    return format_html(
        '<svg class="face{} face--{}" viewBox="0 0 40 40" aria-hidden="true" focusable="false">'
        '<g class="face__lines" transform="rotate({} 20 20)">{}</g>'
        '<text class="face__letter" x="20" y="20" dy=".36em" text-anchor="middle">{}</text></svg>',
        form,
        hue(public_id),
        turn,
        strands,
        letter,
    )

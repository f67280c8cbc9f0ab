"""The style sheets that a page needs for what other rooms show on it."""

from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.core.files.storage import storages
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from feedback.kernel import slots
from feedback.kernel.style_sheets import JoinedStyleSheets, parts_of

register = template.Library()


@register.simple_tag
def slot_styles(*names: str) -> SafeString:
    """Link the style sheets of what fills the slots ``names`` of this page, each once."""
    found = dict.fromkeys(filter(None, map(slots.style_of, names)))
    return format_html_join(
        "", '<link rel="stylesheet" href="{}">', ((static(one),) for one in found)
    )


@register.simple_tag
def style_sheet(name: str) -> SafeString:
    """Link a sheet that is made of others: as one file where static files are gathered, part by part where not."""
    parts = [(name, "")]
    if not isinstance(storages["staticfiles"], JoinedStyleSheets):
        found = finders.find(name)
        parts = parts_of(name, Path(str(found)).read_text(encoding="utf-8"))
    return format_html_join(
        "",
        '<link rel="stylesheet" href="{}" media="{}">',
        ((static(part), medium or "all") for part, medium in parts),
    )

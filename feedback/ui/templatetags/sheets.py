"""The style sheets that a page needs for what other rooms show on it."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from feedback.kernel import slots

register = template.Library()


@register.simple_tag
def slot_styles(*names: str) -> SafeString:
    """Link the style sheets of what fills the slots ``names`` of this page, each once."""
    found = dict.fromkeys(filter(None, map(slots.style_of, names)))
    return format_html_join(
        "", '<link rel="stylesheet" href="{}">', ((static(one),) for one in found)
    )

"""How a form field is drawn."""

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def control_kind(field: BoundField) -> str:
    """Return what ``field`` is for the layout: check, group, select, area or line."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, forms.Select):
        return "select"
    return "area" if isinstance(widget, forms.Textarea) else "line"


@register.filter
def control(field: BoundField) -> SafeString:
    """Return the control of ``field``, described by its help and its error, with the class the layout needs."""
    described = [
        f"{field.auto_id}_{part}"
        for part, there in (("helptext", field.help_text), ("error", field.errors))
        if there
    ]
    attrs: dict[str, str | bool] = {
        "class": f"{field.field.widget.attrs.get('class', '')} control".strip()
    }
    if described and control_kind(field) != "group":
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)

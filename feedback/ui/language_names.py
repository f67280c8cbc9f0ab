"""What languages are called."""

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _


def language_name(code: str) -> str:
    """Return the name of a language in the reader's own; the code itself where Django has no name for it."""
    if code == "zh":
        return _("Chinese")
    return _(LANG_INFO[code]["name"]) if code in LANG_INFO else code

"""The captcha as a field of a form. It is checked last, so that a slip elsewhere costs no second one."""

from typing import Any

from django import forms
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.accounts.captcha import Captcha, Place, captcha_at
from feedback.accounts.captcha.verdicts import Verdict

NAME = "captcha"


class _Widget(forms.Widget):
    """What the captcha shows; its value comes under the name that the captcha has for it."""

    def __init__(self, captcha: Captcha) -> None:
        super().__init__()
        self._captcha = captcha

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return mark_safe(self._captcha.markup(id_=(attrs or {}).get("id", "")))  # noqa: S308

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        return str(data.get(self._captcha.field, ""))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return self._captcha.field not in data


class CaptchaField(forms.Field):
    """Shows a captcha and hands on what came back; `check_last` asks what that is worth."""

    def __init__(self, captcha: Captcha) -> None:
        self.captcha = captcha
        super().__init__(label=gettext_lazy("Check that you are a person"), widget=_Widget(captcha))

    def validate(self, value: Any) -> None:
        """Leave it to `check_last`, which says more of what is missing."""


def add_captcha(form: forms.BaseForm, place: Place) -> None:
    """Have ``form`` ask at ``place``, as its last field, where the operator wants that."""
    captcha = captcha_at(place)
    if captcha is not None:
        form.fields[NAME] = CaptchaField(captcha)


def check_last(form: forms.BaseForm) -> bool:
    """Check the captcha of a form whose other fields are right; call it at the end of ``clean``. Return whether its service was away.

    What is missing, wrong, over or used stands as an error at the field. A service that is away keeps nobody out.
    """
    field = form.fields.get(NAME)
    if not isinstance(field, CaptchaField) or form.errors:
        return False
    verdict = field.captcha.check(str(form.cleaned_data.get(NAME) or ""))
    if verdict not in (Verdict.PASSED, Verdict.AWAY):
        form.add_error(NAME, _sentence(verdict))
    return verdict == Verdict.AWAY


def _sentence(verdict: Verdict) -> str:
    match verdict:
        case Verdict.MISSING:
            return _(
                "The check that you are a person is not done yet. Wait a moment, and have scripts on for this page."
            )
        case Verdict.USED:
            return _("This was used before. Here is a new one: send it again.")
        case Verdict.OVER:
            return _("That took too long. Here is a new one: send it again.")
    return _("That did not show that you are a person. Try it again.")

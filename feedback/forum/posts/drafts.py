"""A post that its writer has not been able to send yet: kept in the session over a sign-in."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest

_KEY = "forum-draft"


def keep(request: HttpRequest, form: Form) -> None:
    """Remember what a valid form says, every field of it; a session holds one draft."""
    request.session[_KEY] = {
        name: form.fields[name].prepare_value(value) for name, value in form.cleaned_data.items()
    }


def kept(request: HttpRequest) -> dict[str, Any]:
    """Return the remembered draft, empty when there is none."""
    draft = request.session.get(_KEY)
    return dict(draft) if isinstance(draft, dict) else {}


def forget(request: HttpRequest) -> None:
    """Forget the draft, once it is a post."""
    request.session.pop(_KEY, None)

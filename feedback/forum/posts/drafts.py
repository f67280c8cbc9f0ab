"""A post that its writer has not been able to send yet: kept in the session over a sign-in."""

from collections.abc import Mapping

from django.http import HttpRequest

from feedback.forum.models import BODY_LENGTH, TITLE_LENGTH

_KEY = "forum-draft"
_FIELDS = {
    "title": TITLE_LENGTH,
    "body": BODY_LENGTH,
    "kind": 12,
    "board": 40,
    "product_version": 40,
}


def keep(request: HttpRequest, written: Mapping[str, str]) -> None:
    """Remember what was written; a session holds one draft."""
    request.session[_KEY] = {
        name: str(written.get(name, ""))[:length] for name, length in _FIELDS.items()
    }


def kept(request: HttpRequest) -> dict[str, str]:
    """Return the remembered draft, empty when there is none."""
    draft = request.session.get(_KEY)
    return dict(draft) if isinstance(draft, dict) else {}


def forget(request: HttpRequest) -> None:
    """Forget the draft, once it is a post."""
    request.session.pop(_KEY, None)

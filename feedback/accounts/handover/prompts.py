"""What went wrong in a model, as a product said it when it opened the forum: kept in the session, for compose to take."""

import datetime as dt
from collections.abc import Mapping

from django.http import HttpRequest

from feedback.kernel.redact import redact

_KEY = "handed-over-prompt"
#: Whoever comes to say something says it soon.
_KEPT_FOR = dt.timedelta(minutes=30)


def keep_prompt(request: HttpRequest, prompt: Mapping[str, str], *, now: dt.datetime) -> None:
    """Keep ``prompt`` without secrets for the next post of this browser; an empty one changes nothing."""
    if prompt:
        safe = {name: redact(said).words for name, said in prompt.items()}
        request.session[_KEY] = {**safe, "at": now.timestamp()}


def prompt_said(request: HttpRequest, *, now: dt.datetime) -> dict[str, str]:
    """Return the prompt, answer and model_version that a product said a moment ago, nothing else; what is too old is forgotten."""
    kept = request.session.get(_KEY)
    if not isinstance(kept, dict):
        return {}
    if now.timestamp() - kept.get("at", 0) > _KEPT_FOR.total_seconds():
        forget_prompt(request)
        return {}
    return {name: str(kept.get(name, "")) for name in ("prompt", "answer", "model_version")}


def forget_prompt(request: HttpRequest) -> None:
    """Forget what a product said: it stands in a post now."""
    request.session.pop(_KEY, None)

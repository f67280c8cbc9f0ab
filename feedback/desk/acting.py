"""How a verb of the desk ends: done and told, with its undo, or refused in one sentence."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.asks.decisions.recording import NotPossible
from feedback.asks.models import Decision
from feedback.asks.stages import StageNotAllowed

Result = TypeVar("Result")


def done(request: HttpRequest, act: Callable[[], Result]) -> Result | None:
    """Do ``act`` and return what it made; when it cannot be done now, tell the person why and return None."""
    try:
        return act()
    except NotPossible as why:
        messages.error(request, str(why))
    except StageNotAllowed as why:
        messages.error(
            request,
            _("An ask that is %(present)s cannot become %(wanted)s.")
            % {"present": why.present.label.lower(), "wanted": why.wanted.label.lower()},
        )
    return None


def said(request: HttpRequest, sentence: str, decision: Decision | None) -> None:
    """Tell the person what happened, with an undo when it was a decision."""
    tag = ""
    if decision is not None:
        tag = "undo:" + reverse("desk:decision-undo", args=[decision.public_id])
    messages.success(request, sentence, extra_tags=tag)

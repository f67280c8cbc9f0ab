"""How a verb of the desk ends when it is done. What cannot be done is told by `kernel.refusals`."""

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from feedback.asks.models import Decision


def said(request: HttpRequest, sentence: str, decision: Decision | None) -> None:
    """Tell the person what happened, with an undo when it was a decision."""
    tag = ""
    if decision is not None:
        tag = "undo:" + reverse("desk:decision-undo", args=[decision.public_id])
    messages.success(request, sentence, extra_tags=tag)

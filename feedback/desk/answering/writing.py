"""What the pages on which an answer is written share: the words it begins with, and what everyone would read."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from feedback.accounts.permissions import member_of
from feedback.asks.answering.templates import canned, filled, templates_of
from feedback.asks.models import Ask
from feedback.desk.both import Both
from feedback.notify import occasions
from feedback.notify.occasions._answer import excerpts
from feedback.notify.previewing import Preview, previews


def words_to_begin_with(request: HttpRequest, ask: Ask) -> dict[str, str]:
    """Return the words of the chosen template, filled in, or of an earlier answer of one's own; none without either."""
    person = member_of(request)
    chosen = request.GET.get("template", "")
    for template in templates_of(ask.product) if chosen else ():
        if template.public_id == chosen:
            return {
                "body": filled(template.body, ask=ask, person=person, language="en"),
                "body_zh": filled(template.body_zh, ask=ask, person=person, language="zh-hans"),
            }
    wanted = request.GET.get("answer", "")
    for answer in canned(person, ask.product) if wanted else ():
        if answer.public_id == wanted:
            return answer.words
    return {}


def previewed(request: HttpRequest, ask: Ask, begun: Mapping[str, str], kind: str) -> list[Preview]:
    """Return what everyone would read of what is written by now."""
    source = request.POST if request.method == "POST" else begun
    facts = excerpts(source.get("body", ""), source.get("body_zh", ""))
    return previews(
        ask=ask,
        occasion=occasions.kinds()[kind],
        facts={"ask": ask.public_id, **facts},
        actor=member_of(request),
    )


def answer_page(
    request: HttpRequest,
    ask: Ask,
    form: forms.Form,
    context: Mapping[str, Any],
    *,
    is_preview: bool,
) -> HttpResponse:
    """Return the page on which an answer is written; what is only looked at is no mistake."""
    is_refused = request.method == "POST" and not is_preview
    both: Both | None = context.get("both")
    if is_preview:
        form = type(form)(initial=request.POST.dict())
    return render(
        request,
        "desk/answering/write.html",
        {"nav": "desk", "ask": ask, "form": form, "untold": _untold(ask, context), **context},
        status=(both.status(form) if both else 422) if is_refused else 200,
    )


def _untold(ask: Ask, context: Mapping[str, Any]) -> int:
    """Return how many of those behind ``ask`` would hear nothing, at the least: followers hear who are not behind it."""
    told: int = sum(one.people for one in context["previews"])
    return max(0, ask.people_count - told)

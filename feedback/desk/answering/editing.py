"""Changing what the team said: an answer, or the reason why not."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.permissions import manager_required, member_of
from feedback.asks.answering.editing import (
    edit_answer,
    edit_reason,
    may_undo,
    undo_answer,
    withdraw_answer,
)
from feedback.asks.models import Answer, Ask
from feedback.desk.answering.forms import EditAnswerForm, ReasonForm
from feedback.desk.answering.writing import answer_page, previewed
from feedback.desk.asks.views import live_ask
from feedback.desk.both import Both
from feedback.kernel import clock
from feedback.kernel.refusals import beside


def _access_answer(request: HttpRequest, public_id: str) -> tuple[Answer, Ask]:
    answer = Answer.objects.filter(public_id=public_id).select_related("ask").first()
    if answer is None:
        raise Http404
    return answer, live_ask(request, answer.ask.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def answer_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give an answer other words. Nobody is told again, unless that is ticked."""
    answer, ask = _access_answer(request, public_id)
    form = EditAnswerForm(request.POST if request.method == "POST" else None, initial=answer.words)
    both = Both(request, answer.words)
    is_preview = request.POST.get("do") == "preview"
    if request.method == "POST" and not is_preview and form.is_valid():
        tell = form.cleaned_data["tell"]
        with beside(form), both.shown_in(form):
            edit_answer(
                answer=answer,
                actor=member_of(request),
                now=clock.now(),
                tell=tell,
                seen=both.seen,
                **form.words(),
            )
            messages.success(
                request,
                _("Changed. Everyone is being told again.")
                if tell
                else _("Changed. Nobody is told again."),
            )
            return redirect("desk:ask", ask.public_id)
    context = {
        "title": _("Edit the answer"),
        "verb": _("Save the new words"),
        "answer": answer,
        "both": both,
        "may_undo": may_undo(answer, now=clock.now()),
        "previews": previewed(request, ask, answer.words, "answer_edited"),
    }
    return answer_page(request, ask, form, context, is_preview=is_preview)


@require_POST
@manager_required
def answer_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an answer off every page; it can be brought back for a day."""
    answer, ask = _access_answer(request, public_id)
    withdraw_answer(answer=answer, actor=member_of(request), now=clock.now())
    messages.success(request, _("Withdrawn. For a day you can bring it back."))
    return redirect("desk:ask", ask.public_id)


@require_POST
@manager_required
def answer_undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Bring a withdrawn answer back, or put its former words back."""
    answer, ask = _access_answer(request, public_id)
    undo_answer(answer=answer, actor=member_of(request), now=clock.now())
    messages.success(request, _("As it was before."))
    return redirect("desk:ask", ask.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def reason_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Word anew why an ask was declined."""
    ask = live_ask(request, public_id)
    form = ReasonForm(
        request.POST if request.method == "POST" else None, initial={"reason": ask.decline_reason}
    )
    both = Both(request, {"reason": ask.decline_reason})
    if request.method == "POST" and form.is_valid():
        with beside(form), both.shown_in(form):
            edit_reason(
                ask=ask,
                actor=member_of(request),
                now=clock.now(),
                seen=both.seen,
                **form.cleaned_data,
            )
            messages.success(request, _("The reason reads as you wrote it."))
            return redirect("desk:ask", ask.public_id)
    context = {"title": _("Edit the reason"), "verb": _("Save the reason")}
    return render(
        request,
        "desk/answering/answer.html",
        {"nav": "desk", "ask": ask, "form": form, "both": both, **context},
        status=both.status(form),
    )

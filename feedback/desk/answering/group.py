"""Asking everyone behind an ask one question."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.permissions import manager_required, member_of
from feedback.asks.answering.group import ask_group, close_question
from feedback.asks.models import GroupQuestion
from feedback.desk.answering.forms import GroupQuestionForm
from feedback.desk.answering.writing import answer_page
from feedback.desk.asks.views import live_ask
from feedback.kernel import clock
from feedback.kernel.refusals import beside
from feedback.notify import occasions
from feedback.notify.occasions._answer import excerpts
from feedback.notify.previewing import previews


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def group_ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask everyone behind the ask one question; each is told once."""
    ask, actor = live_ask(request, public_id), member_of(request)
    form = GroupQuestionForm(request.POST if request.method == "POST" else None)
    is_preview = request.POST.get("do") == "preview"
    if request.method == "POST" and not is_preview and form.is_valid():
        with beside(form):
            ask_group(ask=ask, actor=actor, now=clock.now(), **form.asked())
            messages.success(request, _("Asked. Their replies stand on this page."))
            return redirect("desk:ask", ask.public_id)
    said = request.POST.get("question", ""), request.POST.get("question_zh", "")
    context = {
        "title": _("Ask everyone behind it"),
        "verb": _("Ask them"),
        "previews": previews(
            ask=ask,
            occasion=occasions.kinds()["group_asked"],
            facts={"ask": ask.public_id, **excerpts(*said)},
            actor=actor,
            followers=False,
        ),
    }
    return answer_page(request, ask, form, context, is_preview=is_preview)


@require_POST
@manager_required
def group_close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take no more replies."""
    question = GroupQuestion.objects.filter(public_id=public_id).select_related("ask").first()
    if question is None:
        raise Http404
    ask = live_ask(request, question.ask.public_id)
    close_question(question=question, actor=member_of(request), now=clock.now())
    messages.success(request, _("Closed. What they replied stays."))
    return redirect("desk:ask", ask.public_id)

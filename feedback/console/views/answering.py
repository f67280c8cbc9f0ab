"""Answering an ask, adopting it, declining it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.permissions import manager_required, member_of
from feedback.console.forms import AdoptForm, AnswerForm, DeclineForm
from feedback.console.views.asks import live_ask
from feedback.insight import operations, queries
from feedback.insight.operations.answering import reopen_ask
from feedback.insight.operations.recording import NotPossible
from feedback.insight.stages import StageNotAllowed
from feedback.kernel import clock
from feedback.roadmap import operations as roadmap
from feedback.roadmap.queries import item_of


def _cannot_move(request: HttpRequest, why: Exception) -> None:
    if isinstance(why, StageNotAllowed):
        messages.error(
            request,
            _("An ask that is %(present)s cannot become %(wanted)s.")
            % {"present": why.present.label.lower(), "wanted": why.wanted.label.lower()},
        )
    else:
        messages.error(request, str(why))


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write an official answer; everyone behind the ask is told."""
    ask = live_ask(request, public_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.answer_ask(
                ask=ask, body=form.cleaned_data["body"], actor=member_of(request), now=clock.now()
            )
        except NotPossible as why:
            _cannot_move(request, why)
        else:
            told = queries.reach_of(ask).can_be_told
            messages.success(
                request,
                ngettext(
                    "Answered. %(n)d person is being told.",
                    "Answered. %(n)d people are being told.",
                    told,
                )
                % {"n": told},
            )
            return redirect("console:ask", ask.public_id)
    return _form_page(request, ask, form, title=_("Answer everyone"), verb=_("Publish the answer"))


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def adopt(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put the ask on the roadmap, as a new item or with one that is there."""
    ask = live_ask(request, public_id)
    form = AdoptForm(request.POST or None, initial={"title": ask.title})
    if request.method == "POST" and form.is_valid():
        try:
            item = roadmap.adopt(
                ask=ask,
                actor=member_of(request),
                now=clock.now(),
                title=form.cleaned_data["title"],
                summary=form.cleaned_data["summary"],
                item=form.cleaned_data["item"],
            )
        except (NotPossible, StageNotAllowed) as why:
            _cannot_move(request, why)
        else:
            messages.success(request, _("On the roadmap: “%(title)s”.") % {"title": item.title})
            return redirect("roadmap:item-detail", item.public_id)
    return _form_page(request, ask, form, title=_("Adopt it"), verb=_("Put it on the roadmap"))


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def decline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Decline, with a reason that everyone may read. What an item answers is declined with its item."""
    ask = live_ask(request, public_id)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, actor, now = form.cleaned_data["reason"], member_of(request), clock.now()
        item = item_of(ask)
        try:
            if item is not None:
                roadmap.decline(item=item, reason=reason, actor=actor, now=now)
            else:
                operations.decline_ask(ask=ask, reason=reason, actor=actor, now=now)
        except (NotPossible, StageNotAllowed) as why:
            _cannot_move(request, why)
        else:
            messages.success(request, _("Declined, with your reason for everyone to read."))
            return redirect("console:ask", ask.public_id)
    return _form_page(request, ask, form, title=_("Decline it"), verb=_("Decline with this reason"))


@require_POST
@manager_required
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a declined ask back under review."""
    ask = live_ask(request, public_id)
    try:
        reopen_ask(ask=ask, actor=member_of(request), now=clock.now())
    except (NotPossible, StageNotAllowed) as why:
        _cannot_move(request, why)
    else:
        messages.success(request, _("Back under review."))
    return redirect("console:ask", ask.public_id)


def _form_page(
    request: HttpRequest, ask: object, form: object, *, title: str, verb: str
) -> HttpResponse:
    return render(
        request,
        "console/answer.html",
        {"nav": "desk", "ask": ask, "form": form, "title": title, "verb": verb},
        status=422 if request.method == "POST" else 200,
    )

"""Answering an ask, adopting it, declining it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.permissions import manager_required, member_of
from feedback.asks.answering.templates import canned, templates_of
from feedback.asks.answers import answer_ask, decline_ask, reopen_ask
from feedback.desk.answering.forms import AdoptForm, AnswerForm, DeclineForm
from feedback.desk.answering.writing import answer_page, previewed, words_to_begin_with
from feedback.desk.asks.views import live_ask
from feedback.kernel import clock
from feedback.kernel.refusals import beside
from feedback.notify.reach import reach_of
from feedback.roadmap import operations as roadmap
from feedback.roadmap.queries import item_of


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write an official answer, from a template or one's own last words; everyone behind the ask is told.

    With ``do=preview`` it is only shown what each of them would read.
    """
    ask = live_ask(request, public_id)
    actor = member_of(request)
    begun = words_to_begin_with(request, ask)
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=begun)
    is_preview = request.POST.get("do") == "preview"
    if request.method == "POST" and not is_preview and form.is_valid():
        with beside(form):
            answer_ask(ask=ask, actor=actor, now=clock.now(), **form.words())
            told = reach_of(ask, but_not=actor.pk).here
            messages.success(
                request,
                ngettext(
                    "Answered. %(n)d person is being told.",
                    "Answered. %(n)d people are being told.",
                    told,
                )
                % {"n": told},
            )
            return redirect("desk:ask", ask.public_id)
    context = {
        "title": _("Answer everyone"),
        "verb": _("Publish the answer"),
        "templates": templates_of(ask.product),
        "canned": canned(actor, ask.product),
        "previews": previewed(request, ask, begun, "ask_answered"),
    }
    return answer_page(request, ask, form, context, is_preview=is_preview)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def adopt(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put the ask on the roadmap, as a new item or with one that is there."""
    ask = live_ask(request, public_id)
    form = AdoptForm(
        request.POST if request.method == "POST" else None,
        product=ask.product,
        initial={"title": ask.title},
    )
    if request.method == "POST" and form.is_valid():
        actor, wanted = member_of(request), form.cleaned_data
        with beside(form):
            item = roadmap.adopt(
                ask=ask,
                actor=actor,
                now=clock.now(),
                title=wanted["title"],
                summary=wanted["summary"],
                item=wanted["item"],
            )
            messages.success(request, _("On the roadmap: “%(title)s”.") % {"title": item.title})
            return redirect("roadmap:item-detail", item.public_id)
    return _form_page(request, ask, form, title=_("Adopt it"), verb=_("Put it on the roadmap"))


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def decline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Decline, with a reason that everyone may read. What an item answers is declined with its item."""
    ask = live_ask(request, public_id)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason, actor, now = form.cleaned_data["reason"], member_of(request), clock.now()
        item = item_of(ask)
        with beside(form):
            if item is not None:
                roadmap.decline(item=item, reason=reason, actor=actor, now=now)
            else:
                decline_ask(ask=ask, reason=reason, actor=actor, now=now)
            messages.success(request, _("Declined, with your reason for everyone to read."))
            return redirect("desk:ask", ask.public_id)
    return _form_page(request, ask, form, title=_("Decline it"), verb=_("Decline with this reason"))


@require_POST
@manager_required
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a declined ask back under review."""
    ask, actor = live_ask(request, public_id), member_of(request)
    reopen_ask(ask=ask, actor=actor, now=clock.now())
    messages.success(request, _("Back under review."))
    return redirect("desk:ask", ask.public_id)


def _form_page(
    request: HttpRequest, ask: object, form: object, *, title: str, verb: str
) -> HttpResponse:
    return render(
        request,
        "desk/answering/answer.html",
        {"nav": "desk", "ask": ask, "form": form, "title": title, "verb": verb},
        status=422 if request.method == "POST" else 200,
    )

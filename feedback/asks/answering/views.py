"""Replying to what the team asks those behind an ask."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.accounts.permissions import member_of, member_required
from feedback.asks.answering.group import open_question, reply
from feedback.asks.permissions import access_ask
from feedback.asks.queries import resolve
from feedback.kernel import clock
from feedback.kernel.refusals import told


@require_POST
@member_required
def group_reply(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say or change one's reply: a choice, words, or both."""
    ask = access_ask(request.user, public_id)
    ask = access_ask(request.user, resolve(ask).public_id)
    question = open_question(ask)
    if question is None:
        raise Http404
    place = request.POST.get("choice", "")
    with told(request):
        reply(
            question=question,
            person=member_of(request),
            now=clock.now(),
            choice=int(place) if place.isascii() and place.isdigit() and len(place) < 3 else None,
            words=request.POST.get("words", ""),
        )
        messages.success(request, _("Thank you: the team reads what you replied."))
    return redirect("asks:ask-detail", ask.public_id)

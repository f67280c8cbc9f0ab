"""Wanting an ask as soon as one has signed in."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from feedback.accounts.permissions import member_of
from feedback.asks.permissions import access_ask
from feedback.asks.queries import resolve
from feedback.asks.voting import vote_ask
from feedback.forum import allowed
from feedback.kernel import clock
from feedback.kernel.refusals import told


def want_ask(request: HttpRequest, about: dict[str, str]) -> str:
    """Have the reader want the ask that they clicked on as a visitor; one that is gone by now is left alone."""
    person = member_of(request)
    try:
        ask = access_ask(person, resolve(access_ask(person, about["public_id"])).public_id)
    except Http404:
        return ""
    with told(request):
        allowed.spend(allowed.VOTES, person, now=clock.now())
        vote_ask(ask=ask, person=person, now=clock.now())
        messages.success(request, _("Counted: you want “%s” too.") % ask.title_here)
    return ""

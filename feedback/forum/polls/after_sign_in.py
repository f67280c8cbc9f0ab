"""Answering a poll as soon as one has signed in."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from feedback.accounts.permissions import member_of
from feedback.forum import allowed
from feedback.forum.models import Ballot
from feedback.forum.polls.forms import chosen_in
from feedback.forum.polls.operations import answer_poll
from feedback.forum.polls.permissions import access_poll
from feedback.kernel import clock
from feedback.kernel.refusals import told


def answer_as_member(request: HttpRequest, about: dict[str, str]) -> str:
    """Have the reader answer the poll as they did as a visitor; who has answered as a member before keeps that answer."""
    person = member_of(request)
    chosen = chosen_in([one for one in about.get("options", "").split(",") if one])
    try:
        poll = access_poll(person, about["public_id"])
    except Http404:
        return ""
    if not chosen or Ballot.objects.filter(poll=poll, person=person).exists():
        return ""
    with told(request):
        allowed.spend(allowed.VOTES, person, now=clock.now())
        answer_poll(poll=poll, person=person, options=chosen, now=clock.now())
        messages.success(request, _("Counted: your answer to “%s”.") % poll.question)
    return ""

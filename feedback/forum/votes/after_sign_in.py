"""Wanting a post as soon as one has signed in."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from feedback.accounts.permissions import member_of
from feedback.forum import allowed
from feedback.forum.permissions import access_post
from feedback.forum.votes.operations import vote
from feedback.kernel import clock
from feedback.kernel.refusals import told


def want_post(request: HttpRequest, about: dict[str, str]) -> str:
    """Have the reader want the post that they clicked on as a visitor; one that is gone by now is left alone."""
    person = member_of(request)
    try:
        post = access_post(person, about["public_id"])
    except Http404:
        return ""
    with told(request):
        allowed.spend(allowed.VOTES, person, now=clock.now())
        vote(post=post, person=person, now=clock.now())
        messages.success(request, _("Counted: you want “%s” too.") % post.title)
    return ""

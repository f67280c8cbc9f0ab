"""The team makes a poll, members answer it, a visitor once they have signed in."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts import afterwards, limits
from feedback.accounts.models import User
from feedback.accounts.permissions import member_of, moderator_required
from feedback.forum import allowed, permissions
from feedback.forum.models import Poll
from feedback.forum.polls.forms import PollForm, chosen_in
from feedback.forum.polls.operations import answer_poll, close_poll, make_poll, remove_poll
from feedback.forum.polls.permissions import access_poll
from feedback.forum.polls.showing import shown_poll
from feedback.forum.products.queries import about
from feedback.kernel import clock
from feedback.kernel.htmx import is_htmx
from feedback.kernel.refusals import beside, status_of

#: What one address may do without an account.
_ANSWERS = limits.Rate("poll", 30, dt.timedelta(minutes=10))


@moderator_required
@require_http_methods(["GET", "HEAD", "POST"])
def poll_create(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask members something under a post."""
    post = permissions.access_post_to_moderate(request.user, public_id)
    about(request, post.board.product)
    in_two_weeks = (clock.now() + dt.timedelta(days=14)).date()
    form = PollForm(
        request.POST if request.method == "POST" else None, initial={"closes_on": in_two_weeks}
    )
    if form.is_valid():
        with beside(form):
            make_poll(post=post, actor=member_of(request), now=clock.now(), **form.said)
            messages.success(request, _("The poll is open."))
            return redirect("forum:post-detail", post.public_id)
    context = {"nav": "posts", "post": post, "form": form}
    return render(request, "forum/polls/poll_create.html", context, status=status_of(form))


@require_POST
def poll_answer(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Answer a poll with the chosen ``option``s, or take the answer back with none."""
    poll = access_poll(request.user, public_id)
    chosen = chosen_in(request.POST.getlist("option"))
    back = reverse("forum:post-detail", args=[poll.post.public_id]) + "#poll"
    if not isinstance(request.user, User):
        if limits.is_over(_ANSWERS, request, now=clock.now()):
            chosen = []
        said = ",".join(map(str, chosen[:10]))
        return afterwards.sign_in_first(
            request, "forum.poll", back=back, public_id=public_id, options=said
        )
    allowed.spend(allowed.VOTES, request.user, now=clock.now())
    answer_poll(poll=poll, person=request.user, options=chosen, now=clock.now())
    if not is_htmx(request):
        return redirect(back)
    shown = shown_poll(poll.post, request.user, now=clock.now())
    context = {
        "poll": shown,
        "post": poll.post,
        "may_moderate": permissions.may_moderate(request.user, poll.post),
    }
    return render(request, "forum/polls/_poll.html", context)


@moderator_required
@require_POST
def poll_close(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Close a poll before its day."""
    poll = access_poll(request.user, public_id)
    if close_poll(poll=poll, actor=member_of(request), now=clock.now()):
        messages.success(
            request, _("Closed. The results stay, and those who answered hear of them.")
        )
    return _back_to(poll)


@moderator_required
@require_POST
def poll_remove(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Take a poll away that nobody has answered."""
    poll = access_poll(request.user, public_id)
    remove_poll(poll=poll, actor=member_of(request), now=clock.now())
    messages.success(request, _("The poll is gone."))
    return _back_to(poll)


def _back_to(poll: Poll) -> HttpResponseBase:
    return redirect("forum:post-detail", poll.post.public_id)

"""Wanting a post, how much, and who else does."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.afterwards import now_or_afterwards
from feedback.accounts.permissions import is_team, member_of, member_required
from feedback.forum import allowed, permissions
from feedback.forum.posts.drafts import is_key
from feedback.forum.products.queries import about
from feedback.forum.votes.operations import unvote, vote, weigh
from feedback.forum.votes.queries import voters_of
from feedback.forum.votes.showing import weighing_of
from feedback.kernel import clock
from feedback.kernel.htmx import is_htmx, template_for
from feedback.kernel.way_back import came_from, page_above


@now_or_afterwards("forum.vote")
@require_POST
def post_vote(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Want a post, or no longer: ``want`` (1 or 0) is the state wished for, so that a repeated click changes nothing."""
    member = member_of(request)
    post = permissions.access_post(member, public_id)
    allowed.spend(allowed.VOTES, member, now=clock.now())
    is_wanted = request.POST.get("want", "1") != "0"
    change = vote if is_wanted else unvote
    change(post=post, person=member, now=clock.now())
    if not is_htmx(request):
        return redirect(came_from(request, otherwise=page_above(request)))
    post.refresh_from_db(fields=["vote_count"])
    return render(
        request,
        "forum/votes/_answer.html",
        {
            "action": reverse("forum:post-vote", args=[public_id]),
            "key": post.public_id,
            "number": post.vote_count,
            "voted": is_wanted,
            "title": post.title,
            "wide": request.POST.get("wide") == "1",
            "primary": request.POST.get("primary") == "1",
            "inside": request.POST.get("inside") == "1",
            "weighing": weighing_of(post, member),
        },
    )


@member_required
@require_POST
def post_importance(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Say how important a post is to oneself: ``importance``, "" for no word of it."""
    member = member_of(request)
    post = permissions.access_post(member, public_id)
    allowed.spend(allowed.VOTES, member, now=clock.now())
    said = request.POST.get("importance", "")
    weigh(post=post, person=member, importance=said, now=clock.now())
    if not is_htmx(request):
        return redirect(came_from(request, otherwise=page_above(request)))
    key = request.POST.get("key", "")
    shown = weighing_of(post, member, key=key if is_key(key) else "")
    return render(request, "forum/votes/_importance.html", {"weighing": shown})


@require_safe
def post_voters(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show who wants a post, as far as the reader may see it."""
    post = permissions.access_voters(request.user, public_id)
    about(request, post.board.product)
    for_team = is_team(request.user)
    context = {
        "nav": "posts",
        "post": post,
        "voters": voters_of(post, for_team=for_team, page=request.GET.get("page")),
        "may_vote_for_customers": permissions.speaks_for_team(request.user, post)
        and permissions.may_take_part(post),
    }
    template = template_for(request, "forum/votes/voters.html", part="dialog")
    return render(request, template, context)

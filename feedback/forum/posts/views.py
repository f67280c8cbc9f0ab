"""A post and what happens under it."""

from dataclasses import dataclass
from typing import Self

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.afterwards import now_or_afterwards
from feedback.accounts.permissions import is_team, member_of, member_required
from feedback.forum import permissions, queries
from feedback.forum.comments.operations import comment as publish_comment
from feedback.forum.comments.operations import hide_comment, show_comment
from feedback.forum.models import Comment, Post
from feedback.forum.posts import listing
from feedback.forum.posts.forms import CommentForm
from feedback.forum.posts.operations import hide_post, show_post, withdraw_post
from feedback.forum.products.queries import about
from feedback.forum.votes.operations import unvote, vote
from feedback.kernel import clock, markdown, slots, text
from feedback.kernel.htmx import is_htmx, template_for
from feedback.kernel.refusals import told
from feedback.kernel.way_back import came_from, page_above

COMMENTS_PER_PAGE = 100


@require_safe
def post_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a post, its ask and its comments."""
    post = permissions.access_post(request.user, public_id)
    return _post_page(request, post, CommentForm(for_team=is_team(request.user)))


@dataclass(frozen=True)
class ShownComment:
    """A comment, its words as HTML."""

    comment: Comment
    html: str
    language: str

    @classmethod
    def of(cls, comment: Comment) -> Self:
        """Return ``comment`` as the page of its post shows it."""
        return cls(comment, markdown.render(comment.body), text.language_of(comment.body))


def _post_page(request: HttpRequest, post: Post, form: CommentForm) -> HttpResponse:
    reader = request.user
    about(request, post.board.product)
    number = listing.page_number(request)
    start = (number - 1) * COMMENTS_PER_PAGE
    comments = list(queries.comments_of(post, reader=reader)[start : start + COMMENTS_PER_PAGE + 1])
    page = listing.PostPage(rows=[], number=number, has_next=len(comments) > COMMENTS_PER_PAGE)
    answer = queries.official_answer_to(post) if post.is_answered else None
    if answer is not None and comments and comments[0] == answer:
        answer = None  # it stands right below
    return render(
        request,
        "forum/posts/post_detail.html",
        {
            "nav": "posts",
            "post": post,
            "row": listing.dressed(request, [post])[0],
            "body_html": markdown.render(post.body),
            "ask_strip": slots.gather("post-ask-strip", request, [post]).get(post.pk, ""),
            "comments": [ShownComment.of(one) for one in comments[:COMMENTS_PER_PAGE]],
            "page": page,
            "answer": ShownComment.of(answer) if answer is not None else None,
            "form": form,
            "move_url": slots.gather("post-move", request, [post]).get(post.pk, ""),
            "may_edit": permissions.may_edit(reader, post),
            "may_moderate": permissions.may_moderate(reader),
            "may_take_part": permissions.may_take_part(post),
        },
        status=422 if form.errors else 200,
    )


@member_required
@require_POST
def comment_create(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Answer under a post."""
    member = member_of(request)
    post = permissions.access_post(member, public_id)
    form = CommentForm(request.POST, for_team=is_team(member))
    if not form.is_valid():
        return _post_page(request, post, form)
    address = reverse("forum:post-detail", args=[public_id])
    with told(request):
        comment = publish_comment(post=post, author=member, now=clock.now(), **form.cleaned_data)
        before = queries.comments_of(post, reader=member).filter(pk__lt=comment.pk).count()
        page = before // COMMENTS_PER_PAGE + 1
        query = f"?page={page}" if page > 1 else ""
        address = f"{address}{query}#comment-{comment.public_id}"
    return redirect(address)


@now_or_afterwards("forum.vote")
@require_POST
def post_vote(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Want a post, or no longer: ``want`` (1 or 0) is the state wished for, so that a repeated click changes nothing."""
    member = member_of(request)
    post = permissions.access_post(member, public_id)
    is_wanted = request.POST.get("want", "1") != "0"
    change = vote if is_wanted else unvote
    change(post=post, person=member, now=clock.now())
    if not is_htmx(request):
        return redirect(came_from(request, otherwise=page_above(request)))
    post.refresh_from_db(fields=["vote_count"])
    return render(
        request,
        "ui/components/_vote_button.html",
        {
            "action": reverse("forum:post-vote", args=[public_id]),
            "key": post.public_id,
            "number": post.vote_count,
            "voted": is_wanted,
            "title": post.title,
            "wide": request.POST.get("wide") == "1",
            "primary": request.POST.get("primary") == "1",
            "inside": request.POST.get("inside") == "1",
        },
    )


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_withdraw(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Take one's own post back, after being asked once."""
    member = member_of(request)
    post = permissions.access_post_to_edit(member, public_id)
    if request.method == "POST":
        withdraw_post(post=post, author=member, now=clock.now())
        messages.success(request, _("Withdrawn. Nobody but you and the team sees it any more."))
        return redirect("/")
    return render(
        request,
        template_for(request, "ui/confirm.html", part="dialog"),
        {
            "nav": "posts",
            "title": _("Withdraw this post?"),
            "text": _("It disappears for everyone else, with its comments and votes."),
            "action": reverse("forum:post-withdraw", args=[public_id]),
            "verb": _("Withdraw it"),
            "danger": True,
            "cancel_url": reverse("forum:post-detail", args=[public_id]),
        },
    )


@member_required
@require_POST
def post_hide(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Hide a post from all but its author and the team."""
    member = member_of(request)
    post = permissions.access_post_to_moderate(member, public_id)
    reason = text.normalise(request.POST.get("reason", ""))[:500]
    if hide_post(post=post, moderator=member, now=clock.now(), reason=reason):
        undo = reverse("forum:post-show", args=[public_id])
        messages.success(request, _("Hidden."), extra_tags=f"undo:{undo}")
    return redirect("forum:post-detail", public_id)


@member_required
@require_POST
def post_show(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Show a hidden post again."""
    member = member_of(request)
    post = permissions.access_post_to_moderate(member, public_id)
    if show_post(post=post, moderator=member, now=clock.now()):
        messages.success(request, _("Everyone can see it again."))
    return redirect("forum:post-detail", public_id)


@member_required
@require_POST
def comment_hide(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Hide a comment from all but the team."""
    member = member_of(request)
    comment = permissions.access_comment_to_moderate(member, public_id)
    if hide_comment(comment=comment, moderator=member, now=clock.now()):
        undo = reverse("forum:comment-show", args=[public_id])
        messages.success(request, _("Hidden."), extra_tags=f"undo:{undo}")
    return redirect("forum:post-detail", comment.post.public_id)


@member_required
@require_POST
def comment_show(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Show a hidden comment again."""
    member = member_of(request)
    comment = permissions.access_comment_to_moderate(member, public_id)
    if show_comment(comment=comment, moderator=member, now=clock.now()):
        messages.success(request, _("Everyone can see it again."))
    return redirect("forum:post-detail", comment.post.public_id)

"""A post and what happens under it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.handover.queries import said_last
from feedback.accounts.permissions import is_team, member_of, member_required
from feedback.forum import permissions, queries
from feedback.forum.agents.operations import may_confirm
from feedback.forum.attachments import attaching as attached_by
from feedback.forum.attachments.attaching import Attaching
from feedback.forum.attachments.queries import attached_to, shown_text
from feedback.forum.board_fields.reading import lacking, said_in
from feedback.forum.cards.cards import card_of_post, sharing
from feedback.forum.comments.showing import ShownComment, shown, shown_alone
from feedback.forum.models import Comment, Post
from feedback.forum.moderation.at_once import hide_at_once, show_at_once
from feedback.forum.moderation.presenting import fate_of
from feedback.forum.polls.showing import shown_poll
from feedback.forum.posts import listing
from feedback.forum.posts.forms import CommentForm
from feedback.forum.posts.operations import withdraw_post
from feedback.forum.products.queries import about
from feedback.forum.prompts.showing import shown_prompt
from feedback.forum.receipts.receipts import receipt_of
from feedback.forum.renderings.keeping import MOST, kept_of
from feedback.forum.votes.showing import votes_on
from feedback.forum.witnessing.showing import witnessed
from feedback.kernel import clock, markdown, slots, text
from feedback.kernel.differences import versions
from feedback.kernel.htmx import template_for
from feedback.kernel.refusals import status_of

COMMENTS_PER_PAGE = 30


@require_safe
def post_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a post, its ask and its comments."""
    post = permissions.access_post(request.user, public_id)
    for_team = permissions.speaks_for_team(request.user, post)
    return post_page(request, post, CommentForm(for_team=for_team, person=request.user))


def post_page(
    request: HttpRequest, post: Post, form: CommentForm, attaching: Attaching | None = None
) -> HttpResponse:
    """Show ``post`` with one page of its comments, and ``form`` for another below them."""
    reader = request.user
    about(request, post.board.product)
    number = listing.page_number(request)
    start = (number - 1) * COMMENTS_PER_PAGE
    comments = list(queries.comments_of(post, reader=reader)[start : start + COMMENTS_PER_PAGE + 1])
    page = listing.PostPage(rows=[], number=number, has_next=len(comments) > COMMENTS_PER_PAGE)
    attached = attached_to(post=post, comments=comments[:COMMENTS_PER_PAGE])
    is_gone = post.state == Post.State.REMOVED
    whole = request.GET.get("whole", "")
    is_whole = whole == post.public_id
    said = shown_text(
        post.body,
        [] if is_gone else attached.get(("post", post.pk), []),
        most=0 if is_whole else MOST[Post],
        kept=None if is_whole else kept_of(post),
    )
    beside = _beside(request, post)
    request.META["heed.closed"] = post.state != Post.State.PUBLISHED
    answer = queries.official_answer_to(post) if post.is_answered else None
    if answer is not None and comments and comments[0] == answer:
        answer = None  # it stands right below
    return render(
        request,
        "forum/posts/post_detail.html",
        {
            "nav": "posts",
            "post": post,
            **beside,
            "body_html": said.html,
            "is_cut": said.is_cut,
            "below": said.below,
            "attaching": attaching or attached_by.begun(request),
            "sharing": sharing(
                card_of_post(beside["row"]),
                page=reverse("forum:post-detail", args=[post.public_id]),
                picture=reverse("forum:post-picture", args=[post.public_id]),
                about=markdown.excerpt(post.title, post.body),
                is_everyones=post.state == Post.State.PUBLISHED,
            ),
            "receipt": receipt_of(request, post, ask=beside["row"].ask),
            "ask_strip": slots.gather("post-ask-strip", request, [post]).get(post.pk, ""),
            "comments": shown(
                comments[:COMMENTS_PER_PAGE],
                post=post,
                reader=reader,
                attached=attached,
                order=slots.gather("comment-order", request, comments),
                whole=whole,
            ),
            "page": page,
            "answer": shown_alone(answer) if answer is not None else None,
            "accepted": _accepted(post, but_not=comments[:1]),
            "answered": _answered(form, post, reader),
            "form": form,
            "move_url": slots.gather("post-move", request, [post]).get(post.pk, ""),
            "order_url": slots.gather("post-order", request, [post]).get(post.pk, ""),
            "fate": fate_of(post),
            "product_account": said_last(post.author) if is_team(reader) else None,
            "may_read_before": permissions.may_read_before(reader, post),
            "may_flag": permissions.may_flag(reader, post),
            "may_edit": permissions.may_edit(reader, post),
            "may_moderate": permissions.may_moderate(reader, post),
            "may_take_part": permissions.may_take_part(post),
            "may_comment": permissions.may_comment(reader, post),
            "why_not": permissions.why_no_comment(reader, post),
            "may_see_voters": permissions.may_see_voters(reader, post.board),
        },
        status=status_of(form),
    )


def _beside(request: HttpRequest, post: Post) -> dict[str, Any]:
    """Return what stands with the words of ``post``: how much it matters, its poll, its fields and what they lack."""
    reader = request.user
    is_own = permissions.may_edit(reader, post)
    votes = votes_on(post, reader)
    confirmed = getattr(post, "agent_confirmation", None)
    return {
        "row": listing.dressed(request, [post], voted=[post.pk] if votes.voted else [])[0],
        "votes": votes,
        "witnessed": witnessed(post, reader),
        "poll": shown_poll(post, reader, now=clock.now()),
        "may_make_poll": permissions.may_moderate(reader, post) and permissions.may_take_part(post),
        "said": said_in(post),
        "lacks": lacking(post.board, post.kind, post.fields, post.body) if is_own else [],
        "for_customer": getattr(post, "for_customer", None),
        "shown_prompt": shown_prompt(post, reader),
        "may_confirm_agent": may_confirm(reader, post),
        "confirmed_agent": confirmed.agent if confirmed is not None else None,
    }


def _accepted(post: Post, *, but_not: list[Comment]) -> ShownComment | None:
    """Return the comment that answers the question, where it is shown and does not stand right below."""
    found = post.accepted
    is_shown = found is not None and not found.is_hidden and not found.is_internal
    return shown_alone(found) if found is not None and is_shown and found not in but_not else None


def _answered(form: CommentForm, post: Post, reader: permissions.Person) -> Comment | None:
    """Return the comment that ``form`` answers."""
    key = form.data.get("reply_to", "")
    return queries.comments_of(post, reader=reader).filter(public_id=key).first() if key else None


@require_safe
def post_history(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show its author and the team how the words of a post changed."""
    post = permissions.access_post(request.user, public_id)
    if not permissions.may_read_before(request.user, post):
        raise Http404
    about(request, post.board.product)
    history = versions(
        now=queries.whole(post.title, post.body),
        began_at=post.posted_at,
        before=queries.said_before(post),
    )
    context = {"nav": "posts", "post": post, "history": history}
    return render(request, "forum/posts/post_history.html", context)


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
    if hide_at_once(thing=post, actor=member, word=reason, now=clock.now()):
        undo = reverse("forum:post-show", args=[public_id])
        messages.success(request, _("Hidden."), extra_tags=f"undo:{undo}")
    return redirect("forum:post-detail", public_id)


@member_required
@require_POST
def post_show(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Show a hidden post again."""
    member = member_of(request)
    post = permissions.access_post_to_moderate(member, public_id)
    if show_at_once(thing=post, actor=member, now=clock.now()):
        messages.success(request, _("Everyone can see it again."))
    return redirect("forum:post-detail", public_id)

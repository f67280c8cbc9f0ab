"""Answering under a post, and what is done with an answer: change, react, accept, hide."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.accounts.permissions import member_of, member_required
from feedback.forum import allowed, permissions, queries
from feedback.forum.attachments import attaching as attached
from feedback.forum.attachments.attaching import Attaching
from feedback.forum.comments import mentions
from feedback.forum.comments.operations import (
    accept_answer,
    comment,
    edit_comment,
)
from feedback.forum.comments.reactions import react
from feedback.forum.comments.showing import reactions_of, shown_alone
from feedback.forum.comments.withdrawing import withdraw_comment
from feedback.forum.models import Comment
from feedback.forum.moderation.at_once import hide_at_once, show_at_once
from feedback.forum.moderation.holding.judging import BODY, judge
from feedback.forum.moderation.holding.public import hang
from feedback.forum.moderation.outside.noting import note
from feedback.forum.posts.forms import CommentForm
from feedback.forum.posts.views import COMMENTS_PER_PAGE, post_page
from feedback.kernel import clock, text
from feedback.kernel.differences import Version, versions
from feedback.kernel.htmx import is_htmx, template_for
from feedback.kernel.refusals import beside, status_of, told

#: Names that are offered while somebody types one.
_OFFERED = 6


def address_of(comment: Comment, *, reader: permissions.Person, whole: bool = False) -> str:
    """Return where ``reader`` finds ``comment``: its post's page that has it, and its place there; with all its words if ``whole``."""
    page = queries.comments_before(comment, reader=reader) // COMMENTS_PER_PAGE + 1
    asked: dict[str, object] = {"page": page} if page > 1 else {}
    if whole:
        asked["whole"] = comment.public_id
    query = f"?{urlencode(asked)}" if asked else ""
    post = reverse("forum:post-detail", args=[comment.post.public_id])
    return f"{post}{query}#comment-{comment.public_id}"


@require_safe
def comment_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lead to a comment, on whichever page of its post it stands; to the post, where it was taken back."""
    found = permissions.access_place(request.user, public_id)
    if found.withdrawn_at is not None:
        messages.info(request, _("Its author took this comment back."))
    return redirect(address_of(found, reader=request.user, whole="whole" in request.GET))


@member_required
@require_POST
def comment_create(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Answer under a post, or to a comment there."""
    member = member_of(request)
    post = permissions.access_post(member, public_id)
    form = CommentForm(
        request.POST,
        for_team=permissions.speaks_for_team(member, post),
        person=member,
        has_files=attached.are_sent(request),
    )
    attaching = attached.sent(request, form)
    if form.is_valid() and not form.cleaned_data["body"]:
        form.cleaned_data["body"] = attaching.pictures_in_words
        if not form.cleaned_data["body"]:
            form.add_error("body", form.fields["body"].error_messages["required"])
    if not form.is_valid():
        return post_page(request, post, form, attaching)
    with beside(form):
        allowed.spend(allowed.COMMENTS, member, now=clock.now())
        said = {BODY: form.cleaned_data["body"]} | attaching.said
        judged = judge(person=member, board=post.board, said=said, now=clock.now())
    if form.errors:
        return post_page(request, post, form, attaching)
    attaching.say(judged.said)
    words = form.cleaned_data | {"body": judged.said[BODY]}
    answered = words.pop("reply_to")
    to = permissions.access_comment(member, answered) if answered else None
    address = reverse("forum:post-detail", args=[public_id])
    with told(request):
        with transaction.atomic():
            written = comment(
                post=post,
                author=member,
                now=clock.now(),
                reply_to=to,
                held_for=[*judged.held_for, *(["CAPTCHA"] if form.is_unchecked else [])],
                **words,
            )
            hang(attaching, written, held_for=judged.held_for, now=clock.now())
            note(thing=written, person=member, now=clock.now())
        if written.is_hidden:
            messages.info(
                request, _("It waits for the team; until then only you and the team see it.")
            )
        address = address_of(written, reader=member)
    return redirect(address)


@member_required
@require_safe
def comment_reply(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Show the form that answers a comment, below it or on a page of its own; ``quote`` begins with its words."""
    answered = permissions.access_comment(request.user, public_id)
    start = {"reply_to": answered.public_id}
    if "quote" in request.GET:
        start["body"] = "\n".join(f"> {line}" for line in answered.body.split("\n")) + "\n\n"
    form = CommentForm(
        initial=start,
        for_team=permissions.speaks_for_team(request.user, answered.post),
        person=request.user,
        auto_id=f"id_{public_id}_%s",
    )
    attaching = attached.begun(request)
    return _form_page(request, answered, form, attaching, "forum/comments/comment_reply.html")


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def comment_edit(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Change the words of one's own comment."""
    member = member_of(request)
    found = permissions.access_comment_to_edit(member, public_id)
    seen = request.POST.get("seen", "") or text.content_hash("", found.body)
    form = CommentForm(
        request.POST if request.method == "POST" else None,
        initial={"body": found.body},
        for_team=False,
        auto_id=f"id_{public_id}_%s",
    )
    attaching = attached.begun(request, thing=found)
    if request.method == "POST":
        attaching = attached.sent(request, form, thing=found)
    if form.is_valid():
        with beside(form):
            allowed.spend(allowed.EDITS, member, now=clock.now())
            said, now = {BODY: form.cleaned_data["body"]} | attaching.said, clock.now()
            judged = judge(person=member, board=found.post.board, said=said, now=now, is_new=False)
            attaching.say(judged.said)
            with transaction.atomic():
                edit_comment(
                    comment=found,
                    editor=member,
                    body=judged.said[BODY],
                    now=now,
                    seen=seen,
                    held_for=judged.held_for,
                )
                hang(attaching, found, held_for=judged.held_for, now=now, replaces=True)
                note(thing=found, person=member, now=now)
            return redirect(address_of(found, reader=member))
    if form.errors:
        seen = text.content_hash("", found.body)  # what it says now has been shown
    return _form_page(
        request, found, form, attaching, "forum/comments/comment_edit.html", seen=seen
    )


def _form_page(
    request: HttpRequest,
    found: Comment,
    form: CommentForm,
    attaching: Attaching,
    template: str,
    **more: str,
) -> HttpResponse:
    context = {
        "nav": "posts",
        "post": found.post,
        "one": shown_alone(found),
        "form": form,
        "attaching": attaching,
        **more,
    }
    return render(
        request, template_for(request, template, part="form"), context, status=status_of(form)
    )


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def comment_withdraw(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Take one's own comment back, after being asked once."""
    member = member_of(request)
    found = permissions.access_comment_to_withdraw(member, public_id)
    if request.method == "POST":
        withdraw_comment(comment=found, author=member, now=clock.now())
        messages.success(request, _("Withdrawn. Nobody reads it any more."))
        return redirect("forum:post-detail", found.post.public_id)
    return render(
        request,
        template_for(request, "ui/confirm.html", part="dialog"),
        {
            "nav": "posts",
            "title": _("Withdraw this comment?"),
            "text": _(
                "Its words go for everyone. Where somebody answered, a line says that you took it back."
            ),
            "action": reverse("forum:comment-withdraw", args=[public_id]),
            "verb": _("Withdraw it"),
            "danger": True,
            "cancel_url": reverse("forum:comment-detail", args=[public_id]),
        },
    )


@require_safe
def comment_history(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show how the words of a comment changed."""
    found = permissions.access_comment(request.user, public_id)
    if not found.body:
        raise Http404  # what it said is gone for everybody
    edits = queries.edits_of(found)
    history: list[Version] = versions(
        now=found.body,
        began_at=found.posted_at,
        before=[(edit.at, edit.data["before"]) for edit in edits],
    )
    context = {"nav": "posts", "post": found.post, "one": found, "history": history}
    return render(request, "forum/comments/comment_history.html", context)


@member_required
@require_POST
def comment_react(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """React to a comment: ``kind``, and ``want`` (1 or 0), the state wished for."""
    member = member_of(request)
    found = permissions.access_comment(member, public_id)
    allowed.spend(allowed.VOTES, member, now=clock.now())
    is_wanted = request.POST.get("want", "1") != "0"
    react(comment=found, person=member, kind=request.POST.get("kind", ""), is_wanted=is_wanted)
    if not is_htmx(request):
        return redirect(address_of(found, reader=member))
    counted = queries.reactions_to([found], reader=member).get(found.pk, {})
    context = {"comment": found, "reactions": reactions_of(counted), "may_take_part": True}
    return render(request, "forum/comments/_reactions.html", context)


@member_required
@require_POST
def comment_accept(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Say that a comment answers the question it stands under; ``want=0`` says that it does not."""
    member = member_of(request)
    found = permissions.access_comment(member, public_id)
    chosen = found if request.POST.get("want", "1") != "0" else None
    if accept_answer(post=found.post, comment=chosen, actor=member, now=clock.now()) and chosen:
        messages.success(request, _("Marked as the answer. Its writer hears of it."))
    return redirect(address_of(found, reader=member))


@member_required
@require_POST
def comment_hide(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Hide a comment from all but the team."""
    member = member_of(request)
    found = permissions.access_comment_to_moderate(member, public_id)
    if hide_at_once(thing=found, actor=member, now=clock.now()):
        undo = reverse("forum:comment-show", args=[public_id])
        messages.success(request, _("Hidden."), extra_tags=f"undo:{undo}")
    return redirect(address_of(found, reader=member))


@member_required
@require_POST
def comment_show(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Show a hidden comment again."""
    member = member_of(request)
    found = permissions.access_comment_to_moderate(member, public_id)
    if show_at_once(thing=found, actor=member, now=clock.now()):
        messages.success(request, _("Everyone can see it again."))
    return redirect(address_of(found, reader=member))


@member_required
@require_safe
def people_named(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Return who may be meant by ``q``, as JSON, for the completion of a form: who takes part in a post, then others who read its board."""
    member = member_of(request)
    post = permissions.access_post(member, public_id)
    begins = text.fold(text.one_line(request.GET.get("q", "")))
    if begins:
        allowed.spend(allowed.NAMES, member, now=clock.now())
    offered = [
        {"name": person.name, "text": mentions.link_to(person), "team": person.is_team}
        for person in mentions.offered(post, begins, to=member, most=_OFFERED)
    ]
    return JsonResponse({"people": offered})

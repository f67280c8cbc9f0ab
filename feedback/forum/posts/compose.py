"""Writing a post: compose, keep a draft, look at it, edit."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts import afterwards, limits
from feedback.accounts.handover.prompts import forget_prompt, prompt_said
from feedback.accounts.handover.queries import version_of
from feedback.accounts.models import User
from feedback.accounts.permissions import member_of, member_required
from feedback.forum import allowed, permissions, queries
from feedback.forum.attachments import attaching as attached
from feedback.forum.attachments.attaching import Attaching
from feedback.forum.attachments.operations import keep_with_draft
from feedback.forum.attachments.queries import shown_text
from feedback.forum.consents.showing import uses_of, uses_of_new
from feedback.forum.guests import sending
from feedback.forum.guests.forms import GuestForm
from feedback.forum.guests.permissions import private_address
from feedback.forum.models import VERSION_LENGTH, Draft, Post
from feedback.forum.posts import drafts
from feedback.forum.posts.checked import edit_checked, publish_checked, say_posted
from feedback.forum.posts.forms import PostForm, kept_names, kind_for
from feedback.forum.posts.operations import said_by
from feedback.forum.products.queries import about, chosen, of_board
from feedback.forum.prompts.forms import prompt_words
from feedback.forum.prompts.views import say_taken_out
from feedback.kernel import clock, text, visible
from feedback.kernel.htmx import go_to, is_htmx, template_for
from feedback.kernel.refusals import beside, status_of
from feedback.kernel.stale import StaleEdit, labelled, mark_of

#: What one address may do without an account.
_DRAFTS = limits.Rate("draft", 10, dt.timedelta(minutes=10))
_PREVIEWS = limits.Rate("preview", 60, dt.timedelta(minutes=1))
#: Drafts that a page offers beside the one that is open.
_OFFERED = 5


@require_http_methods(["GET", "HEAD", "POST"])
def post_create(request: HttpRequest) -> HttpResponse:
    """Write a post. A visitor may write too: the words wait in the session, and are posted after the sign-in."""
    named = text.one_line(request.GET.get("board", ""))
    product = about(request, of_board(request, named)) if named else chosen(request)
    if request.method != "POST":
        start = _start_of(request)
        form = PostForm(initial=start.words, person=request.user, product=product)
        form.initial.setdefault("body", form.template)
        attaching = attached.begun(request, draft=start.key)
        return _compose_page(request, form, start, attaching)
    key = request.POST.get("draft", "")
    start = _Start(key if drafts.is_key(key) else drafts.new_key(), is_chosen=True)
    is_sent = "preview" not in request.POST
    as_guest = is_sent and sending.is_sent_as_guest(request)
    form = PostForm(request.POST, person=request.user, product=product, is_sent=is_sent)
    attaching = attached.sent(request, form, draft=start.key)
    if not is_sent:
        shown = _preview_of(request, attaching)
        return _compose_page(request, form, start, attaching, preview=shown, status=200)
    if form.is_valid():
        if as_guest:
            return _send_as_guest(request, form, start, attaching)
        if not isinstance(request.user, User):
            return _wait_for_sign_in(request, form, start, attaching)
        with beside(form):
            allowed.post(request.user, now=clock.now())
            post = publish_checked(
                request.user,
                form.words,
                draft=start.key,
                customer=form.customer,
                attaching=attaching,
                is_unchecked=form.is_unchecked,
                prompt=form.prompt,
                uses=form.uses,
            )
            drafts.forget(request)
            forget_prompt(request)
            say_posted(request, post)
            if form.prompt is not None:
                say_taken_out(request, post)
            return _go(request, reverse("forum:post-detail", args=[post.public_id]))
    return _compose_page(request, form, start, attaching)


class _Start:
    """What the form starts with: the key of the draft, its words, and what is known of it.

    ``draft`` is the kept one that goes on; ``is_chosen`` says that kind and board are no guess of ours to change.
    """

    def __init__(
        self,
        key: str = "",
        words: dict[str, Any] | None = None,
        *,
        draft: Draft | None = None,
        is_chosen: bool = False,
    ) -> None:
        self.key, self.words, self.draft = key or drafts.new_key(), words or {}, draft
        self.is_chosen = is_chosen

    @property
    def is_fresh(self) -> bool:
        """Whether nothing is written yet, so that words of this browser may fill it."""
        return self.draft is None and not self.is_chosen and not self.words.get("title")


def _start_of(request: HttpRequest) -> _Start:
    """Return a visitor's kept words, a member's draft (the last, or that of the address), or a fresh start."""
    key, words = drafts.kept(request)
    if words:
        return _Start(key, words, is_chosen=True)
    wanted, title = text.one_line(request.GET.get("draft", "")), request.GET.get("title", "")
    open_boards = queries.boards_open_to(request.user)
    named = text.one_line(request.GET.get("board", ""))
    board = open_boards.filter(slug=named).first() if named else None
    if isinstance(request.user, User) and wanted != "new" and not title and board is None:
        own = drafts.drafts_of(request.user)
        draft = (own.filter(key=wanted) if wanted else own).first()
        if draft is not None:
            return _Start(draft.key, dict(draft.words), draft=draft, is_chosen=True)
    words = {"title": title, "product_version": version_of(request.user)[:VERSION_LENGTH]}
    words |= prompt_words(prompt_said(request, now=clock.now()))
    if board is not None:
        words |= {"board": board.slug, "kind": kind_for(board)}
    return _Start(words=words, is_chosen=board is not None)


def _compose_page(
    request: HttpRequest,
    form: PostForm,
    start: _Start,
    attaching: Attaching,
    *,
    guest: GuestForm | None = None,
    preview: SafeString | None = None,
    status: int = 0,
) -> HttpResponse:
    others = []
    if isinstance(request.user, User):
        others = list(drafts.drafts_of(request.user).exclude(key=start.key)[:_OFFERED])
    context = {
        "nav": "posts",
        "form": form,
        "guest": guest or sending.guest_form(request, form),
        "start": start,
        "attaching": attaching,
        "stamp": drafts.stamp(start.draft) if start.draft is not None else "",
        "others": others,
        "gone": request.GET.get("gone", ""),
        "preview": preview,
        **uses_of_new(request.user),
    }
    status = status or status_of(form)
    return render(request, "forum/posts/post_create.html", context, status=status)


def _go(request: HttpRequest, address: str) -> HttpResponse:
    return go_to(address) if is_htmx(request) else redirect(address)


def _wait_for_sign_in(
    request: HttpRequest, form: PostForm, start: _Start, attaching: Attaching
) -> HttpResponse:
    """Keep a visitor's words and send them to sign in; they stay in the form when it is one draft too many."""
    if limits.is_over(_DRAFTS, request, now=clock.now()):
        form.add_error(
            None, _("Too much was written from your network just now. Sign in to post it.")
        )
        return _compose_page(request, form, start, attaching, status=429)
    drafts.keep(request, form, start.key)
    request.session[drafts.UNCHECKED] = form.is_unchecked
    messages.info(request, _("Sign in to post it. Your words are kept."))
    return afterwards.sign_in_first(request, "forum.post", back=reverse("forum:post-create"))


def _send_as_guest(
    request: HttpRequest, form: PostForm, start: _Start, attaching: Attaching
) -> HttpResponse:
    """Take in what a visitor posts without an account, and lead them to where they see what becomes of it."""
    guest = GuestForm(request.POST, asks=form.captcha is None)
    post = sending.send(request, form, guest, draft=start.key)
    if post is not None:
        drafts.forget(request)
        return redirect(private_address(post))
    status = 422 if guest.errors else 0
    return _compose_page(request, form, start, attaching, guest=guest, status=status)


@member_required
@require_POST
def draft_save(request: HttpRequest) -> HttpResponseBase:
    """Keep what a member has written so far; says under which key, and where it went if it was sent meanwhile."""
    key, seen = request.POST.get("draft", ""), request.POST.get("seen", "")
    if not drafts.is_key(key):
        key = drafts.new_key()
    kept = drafts.save_draft(
        person=member_of(request),
        key=key,
        words=drafts.words_in(request.POST, kept_names(request.POST)),
        seen=seen,
        now=clock.now(),
    )
    if kept is None:
        return JsonResponse({"key": key, "seen": "", "sent": ""})
    wanted, alts = attached.listed_in(request.POST.getlist("attached"), request.POST)
    keep_with_draft(person=member_of(request), wanted=wanted, alts=alts, draft=kept.key)
    sent = reverse("forum:post-detail", args=[kept.post.public_id]) if kept.post else ""
    return JsonResponse({"key": kept.key, "seen": drafts.stamp(kept), "sent": sent})


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft_discard(request: HttpRequest, key: str) -> HttpResponseBase:
    """Throw one's own draft away, after being asked once."""
    if request.method == "POST":
        drafts.discard_draft(person=member_of(request), key=key)
        messages.success(request, _("Thrown away."))
        return redirect(f"{reverse('forum:post-create')}?draft=new&gone={key}")
    draft = drafts.drafts_of(member_of(request)).filter(key=key).first()
    if draft is None:
        raise Http404
    return render(
        request,
        template_for(request, "ui/confirm.html", part="dialog"),
        {
            "nav": "posts",
            "title": _("Throw this draft away?"),
            "text": _("“%s” and its details are gone then, and nobody has read them.")
            % visible.cut(draft.title, 60),
            "action": reverse("forum:draft-discard", args=[key]),
            "verb": _("Throw it away"),
            "danger": True,
            "cancel_url": reverse("forum:post-create"),
        },
    )


@require_POST
def post_preview(request: HttpRequest) -> HttpResponse:
    """Show what is written as it will be read."""
    return render(
        request,
        "forum/posts/_preview.html",
        {"preview": _preview_of(request, attached.listed(request))},
    )


def _preview_of(request: HttpRequest, attaching: Attaching) -> SafeString:
    """Return the details as HTML with the pictures in them, "" where there are none; a visitor who looks too often waits."""
    if limits.is_over(_PREVIEWS, request, now=clock.now()):
        return SafeString("")
    return shown_text(text.normalise(request.POST.get("body", "")), attaching.rows).html


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Change the words of one's own post."""
    member = member_of(request)
    post = permissions.access_post_to_edit(member, public_id)
    seen = request.POST.get("seen", "")
    theirs: dict[str, str] = {}
    if request.method == "POST":
        form = PostForm(request.POST, person=member, post=post)
        attaching = attached.sent(request, form, thing=post)
        if "preview" in request.POST:
            shown = _preview_of(request, attaching)
            return _edit_page(request, form, post, attaching, seen=seen, preview=shown, status=200)
        if form.is_valid():
            with beside(form):
                allowed.spend(allowed.EDITS, member, now=clock.now())
                try:
                    edit_checked(post, member, form.words, seen=seen, attaching=attaching)
                except StaleEdit as stale:
                    form.add_error(None, str(stale))
                    theirs, seen = dict(stale.theirs), mark_of(stale.theirs)
                else:
                    messages.success(request, _("Saved."))
                    return redirect("forum:post-detail", post.public_id)
    else:
        form = PostForm(person=member, post=post)
        attaching = attached.begun(request, thing=post)
        seen = mark_of(said_by(post))
    status = 409 if theirs else status_of(form)
    return _edit_page(request, form, post, attaching, seen=seen, theirs=theirs, status=status)


def _edit_page(
    request: HttpRequest,
    form: PostForm,
    post: Post,
    attaching: Attaching,
    *,
    seen: str,
    status: int,
    theirs: Mapping[str, str] | None = None,
    preview: SafeString | None = None,
) -> HttpResponse:
    context = {
        "nav": "posts",
        "form": form,
        "post": post,
        "seen": seen,
        "theirs": labelled(form, theirs or {}),
        "attaching": attaching,
        "preview": preview,
        **uses_of(post, editor=member_of(request)),
    }
    return render(request, "forum/posts/post_edit.html", context, status=status)

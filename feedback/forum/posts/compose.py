"""Writing a post: compose, what is similar while one types, edit."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.accounts import limits
from feedback.accounts.models import User
from feedback.accounts.permissions import member_of, member_required
from feedback.forum import permissions, queries
from feedback.forum.posts import drafts, listing
from feedback.forum.posts.forms import PostForm, kind_for
from feedback.forum.posts.operations import edit_post, publish_post
from feedback.forum.products.queries import about, chosen, of_board
from feedback.forum.search import index
from feedback.kernel import clock, slots, text
from feedback.kernel.refusals import beside

_SIMILAR_SHOWN = 4
#: A title of one or two letters is like everything.
_SIMILAR_FROM = 3
#: What one address may do without an account; whoever has signed in is not counted.
_DRAFTS = limits.Rate("draft", 10, dt.timedelta(minutes=10))
_LOOKS = limits.Rate("similar", 120, dt.timedelta(minutes=1))


@require_http_methods(["GET", "HEAD", "POST"])
def post_create(request: HttpRequest) -> HttpResponse:
    """Write a post. A visitor may write too: the words wait in the session until they have signed in."""
    named = text.normalise(request.GET.get("board", ""))
    product = about(request, of_board(request, named)) if named else chosen(request)
    if request.method == "POST":
        form = PostForm(request.POST, person=request.user, product=product)
        if form.is_valid():
            if not isinstance(request.user, User):
                return _wait_for_sign_in(request, form)
            with beside(form):
                post = publish_post(author=request.user, now=clock.now(), **form.cleaned_data)
                drafts.forget(request)
                messages.success(request, _("Posted. You hear from us when something happens."))
                return redirect("forum:post-detail", post.public_id)
    else:
        form = PostForm(initial=_start_of(request), person=request.user, product=product)
    return render(
        request,
        "forum/posts/post_create.html",
        {"nav": "posts", "form": form},
        status=_status(form),
    )


def _wait_for_sign_in(request: HttpRequest, form: PostForm) -> HttpResponse:
    """Keep a visitor's words and send them to sign in; they stay in the form when it is one draft too many."""
    if limits.is_over(_DRAFTS, request, now=clock.now()):
        form.add_error(
            None, _("Too much was written from your network just now. Sign in to post it.")
        )
        return render(
            request, "forum/posts/post_create.html", {"nav": "posts", "form": form}, status=429
        )
    drafts.keep(request, form)
    messages.info(request, _("Sign in to post it. Your words are kept."))
    return redirect_to_login(reverse("forum:post-create"))


def _start_of(request: HttpRequest) -> dict[str, Any]:
    """Return what the form starts with: a kept draft, or the board that one came from."""
    start = drafts.kept(request)
    if start:
        return start
    open_boards = queries.boards_open_to(request.user)
    named = text.normalise(request.GET.get("board", ""))
    board = open_boards.filter(slug=named).first() if named else None
    if board is not None:
        start = {"board": board.slug, "kind": kind_for(board)}
    start["title"] = request.GET.get("title", "")
    return start


def _status(form: PostForm) -> int:
    return 422 if form.errors else 200


@require_http_methods(["GET", "HEAD", "POST"])
def post_similar(request: HttpRequest) -> HttpResponse:
    """Show asks and posts like the draft. POST is for bodies that are too long for an address."""
    typed = request.POST if request.method == "POST" else request.GET
    draft = SimpleNamespace(
        pk=0,
        title=text.normalise(typed.get("title", ""))[:200],
        body=text.normalise(typed.get("body", ""))[:2000],
        product=of_board(request, text.normalise(typed.get("board", ""))),
    )
    if len(draft.title) < _SIMILAR_FROM and not any(ord(letter) > 0x3000 for letter in draft.title):
        return HttpResponse("")
    if limits.is_over(_LOOKS, request, now=clock.now()):
        return HttpResponse(
            _("Too many questions from your network just now. Wait a minute."),
            status=429,
            content_type="text/plain; charset=utf-8",
        )
    by_meaning = slots.gather("similar-asks", request, [draft])
    if by_meaning:
        return HttpResponse(by_meaning[0])
    found = index.find(draft.title, limit=_SIMILAR_SHOWN, mode="any", product=draft.product)
    rows = listing.rows_of(request, [pk for pk, _score in found])
    if not rows:
        return HttpResponse("")
    return render(request, "forum/posts/_similar.html", {"rows": rows, "words_only": True})


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Change the words of one's own post."""
    member = member_of(request)
    post = permissions.access_post_to_edit(member, public_id)
    if request.method == "POST":
        form = PostForm(request.POST, person=member, post=post)
        if form.is_valid():
            with beside(form):
                edit_post(post=post, editor=member, now=clock.now(), **form.cleaned_data)
                messages.success(request, _("Saved."))
                return redirect("forum:post-detail", post.public_id)
    else:
        form = PostForm(person=member, post=post)
    return render(
        request,
        "forum/posts/post_edit.html",
        {"nav": "posts", "form": form, "post": post},
        status=_status(form),
    )

"""Pinning and locking a post from its page, with one click back."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from feedback.accounts.permissions import member_of, member_required
from feedback.forum import permissions
from feedback.forum.models import Post
from feedback.forum.moderation.forms import WhyForm
from feedback.forum.pins.operations import lock_post, pin_post, unlock_post, unpin_post
from feedback.forum.witnessing.views import say_page
from feedback.kernel import clock


def _act(
    request: HttpRequest, post: Post, act: Callable[..., bool], sentence: str, back: str
) -> HttpResponseBase:
    """Do ``act`` with ``post``, say what was done, and offer the way ``back``: the name of an address."""
    if act(post=post, actor=member_of(request), now=clock.now()):
        undo = reverse(back, args=[post.public_id])
        messages.success(request, sentence, extra_tags=f"undo:{undo}")
    return redirect("forum:post-detail", post.public_id)


def _post(request: HttpRequest, public_id: str) -> Post:
    return permissions.access_post_to_moderate(member_of(request), public_id)


@member_required
@require_POST
def post_pin(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Have a post stand on top of its board."""
    said = _("Pinned: it stands on top of its board.")
    return _act(request, _post(request, public_id), pin_post, said, "forum:post-unpin")


@member_required
@require_POST
def post_unpin(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Have a post stand among the others again."""
    said = _("It is not pinned any more.")
    return _act(request, _post(request, public_id), unpin_post, said, "forum:post-pin")


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_lock(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Let the team alone comment on a post, and say why."""
    post = _post(request, public_id)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = _("Locked: the team alone comments here.")
        lock = partial(lock_post, word=form.cleaned_data["word"])
        return _act(request, post, lock, said, "forum:post-unlock")
    words = {
        "title": _("Lock this post?"),
        "hint": _("It stays. Only the team comments then."),
        "verb": pgettext("a post", "Lock"),
    }
    return say_page(request, post, form, words)


@member_required
@require_POST
def post_unlock(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Let everyone comment on a post again."""
    said = _("Everyone can comment here again.")
    return _act(request, _post(request, public_id), unlock_post, said, "forum:post-lock")

"""Pinning and locking a post from its page, with one click back."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.accounts.permissions import member_of, member_required
from feedback.forum import permissions
from feedback.forum.pins.operations import lock_post, pin_post, unlock_post, unpin_post
from feedback.kernel import clock


def _act(
    request: HttpRequest, public_id: str, act: Callable[..., bool], sentence: str, back: str
) -> HttpResponseBase:
    """Do ``act`` with the post, say what was done, and offer the way ``back``: the name of an address."""
    member = member_of(request)
    post = permissions.access_post_to_moderate(member, public_id)
    if act(post=post, actor=member, now=clock.now()):
        undo = reverse(back, args=[public_id])
        messages.success(request, sentence, extra_tags=f"undo:{undo}")
    return redirect("forum:post-detail", public_id)


@member_required
@require_POST
def post_pin(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Have a post stand on top of its board."""
    said = _("Pinned: it stands on top of its board.")
    return _act(request, public_id, pin_post, said, "forum:post-unpin")


@member_required
@require_POST
def post_unpin(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Have a post stand among the others again."""
    said = _("It is not pinned any more.")
    return _act(request, public_id, unpin_post, said, "forum:post-pin")


@member_required
@require_POST
def post_lock(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Let the team alone comment on a post."""
    said = _("Locked: the team alone comments here.")
    return _act(request, public_id, lock_post, said, "forum:post-unlock")


@member_required
@require_POST
def post_unlock(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Let everyone comment on a post again."""
    said = _("Everyone can comment here again.")
    return _act(request, public_id, unlock_post, said, "forum:post-lock")

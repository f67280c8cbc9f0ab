"""What somebody agrees to, as the forms say it in which posts are written."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from feedback.accounts.models import User
from feedback.forum.consents.models import UNLESS_CHOSEN, Use
from feedback.forum.consents.queries import chosen_by
from feedback.forum.models import Post


def uses_of_new(writer: User | AnonymousUser) -> dict[str, object]:
    """Return what consents/_uses.html shows of what ``writer`` is about to post: labels, and where a member changes them."""
    if isinstance(writer, User):
        return _shown(chosen_by(writer), reverse("forum:consents"))
    return _shown(UNLESS_CHOSEN)


def uses_of(post: Post, *, editor: User) -> dict[str, object]:
    """Return what consents/_uses.html shows of ``post``; its author alone changes it."""
    own = post.author_id == editor.pk
    return _shown(
        post.consents, reverse("forum:post-consents", args=[post.public_id]) if own else ""
    )


def _shown(agreed: Collection[Use], url: str = "") -> dict[str, object]:
    return {"uses": [use.label for use in Use if use in agreed], "uses_url": url}

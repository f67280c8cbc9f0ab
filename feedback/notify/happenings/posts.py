"""What happens to posts: published, answered by the team."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.forum.models import Comment, Post
from feedback.forum.queries import posts_visible_to
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import markdown
from feedback.kernel.identity import at_home
from feedback.notify.happenings import (
    EXCERPT_LENGTH,
    LINE_LENGTH,
    Group,
    Happening,
    Kind,
)


def _public(entry: Entry) -> Post | None:
    """Return the post of ``entry`` if every visitor may read it."""
    posts = posts_visible_to(AnonymousUser()).select_related("board__product")
    return posts.filter(pk=entry.subject_id).first()


def _data(post: Post) -> dict[str, Any]:
    return {
        "product": post.board.product.slug,
        "board": post.board.slug,
        "post": {
            "id": post.public_id,
            "title": post.title,
            "kind": post.kind,
            "language": post.language,
            "excerpt": markdown.plain(post.body, length=EXCERPT_LENGTH),
            "fields": post.fields,
            "posted_at": post.posted_at.isoformat(),
            "url": at_home(reverse("forum:post-detail", args=[post.public_id])),
        },
    }


def published(entry: Entry) -> Happening | None:
    post = _public(entry)
    if post is None:
        return None
    return Happening(
        product=post.board.product,
        title=post.title,
        line=_("New post on “%(board)s”") % {"board": post.board.title},
        path=reverse("forum:post-detail", args=[post.public_id]),
        data=lambda: _data(post),
        excerpt=markdown.excerpt(post.title, post.body, length=LINE_LENGTH),
    )


def answered(entry: Entry) -> Happening | None:
    """Of the many comments those alone that speak for the team."""
    if not entry.data.get("is_official"):
        return None
    post = _public(entry)
    official = Comment.objects.filter(is_official=True, is_internal=False, is_hidden=False)
    answer = official.filter(post=post, public_id=entry.data["comment"]).first()
    if post is None or answer is None:
        return None
    path = f"{reverse('forum:post-detail', args=[post.public_id])}#comment-{answer.public_id}"
    said = {
        "text": markdown.plain(answer.body, length=EXCERPT_LENGTH),
        "answered_at": answer.posted_at.isoformat(),
        "url": at_home(path),
    }
    return Happening(
        product=post.board.product,
        title=post.title,
        line=_("The team answered a post"),
        path=path,
        data=lambda: _data(post) | {"answer": said},
        excerpt=markdown.plain(answer.body, length=LINE_LENGTH),
    )


KINDS = {
    Verb.POST_PUBLISHED: Kind("post.published", Group.POSTS, published),
    Verb.COMMENTED: Kind("post.answered", Group.ANSWERS, answered),
}

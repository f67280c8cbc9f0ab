"""Somebody commented on a post: its author hears, unless the comment is internal or was hidden meanwhile."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.forum.models import Comment, Post
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import markdown
from feedback.notify.occasions import EXCERPT_LENGTH, Facts, Group, Occasion
from feedback.notify.recipients import Audience, author_of


def key(entry: Entry) -> str:
    return f"comment:{entry.data['comment']}"


def facts(entry: Entry) -> Facts | None:
    shown = Comment.objects.filter(
        is_internal=False, is_hidden=False, post__state=Post.State.PUBLISHED
    )
    comment = shown.select_related("post", "author").filter(public_id=entry.data["comment"]).first()
    if comment is None:
        return None
    return {
        "title": comment.post.title,
        "post": comment.post.public_id,
        "comment": comment.public_id,
        "by": comment.author.name,
        "is_official": comment.is_official,
        "excerpt": markdown.plain(comment.body, length=EXCERPT_LENGTH),
    }


def recipients(entry: Entry) -> Iterable[Audience]:
    return author_of(entry.data["post"])


def sentence(kept: Facts) -> str:
    if kept["is_official"]:
        return _("%(by)s answered your post for the team") % kept
    return _("%(by)s commented on your post") % kept


def url(kept: Facts) -> str:
    return f"{reverse('forum:post-detail', args=[kept['post']])}#comment-{kept['comment']}"


OCCASION = Occasion(
    verbs=(Verb.COMMENTED,),
    group=Group.REPLIES,
    key=key,
    facts=facts,
    recipients=recipients,
    sentence=sentence,
    url=url,
)

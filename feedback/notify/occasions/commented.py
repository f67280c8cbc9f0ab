"""Somebody commented on a post: its author and who follows it hear, unless the comment is internal or was hidden meanwhile."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from feedback.forum.models import Comment, Post
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import markdown
from feedback.notify.groups import About, Group
from feedback.notify.occasions import EXCERPT_LENGTH, Facts, Occasion, _post
from feedback.notify.recipients import Audience, followers


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
    yield from _post.recipients(entry)
    yield from followers([topic for topic in _post.about(entry) if topic[0] == About.POST])


def sentence(kept: Facts) -> str:
    if kept["is_official"] and kept.get("follows"):
        return _("%(by)s answered a post that you follow, for the team") % kept
    if kept["is_official"]:
        return _("%(by)s answered your post for the team") % kept
    if kept.get("follows"):
        return _("%(by)s commented on a post that you follow") % kept
    return _("%(by)s commented on your post") % kept


def url(kept: Facts) -> str:
    return f"{_post.url(kept)}#comment-{kept['comment']}"


OCCASION = Occasion(
    verbs=(Verb.COMMENTED,),
    group=Group.REPLIES,
    key=key,
    facts=facts,
    recipients=recipients,
    about=_post.about,
    thread=_post.thread,
    sentence=sentence,
    url=url,
)

"""Somebody commented on a post: its author, who follows it and whose comment was answered hear, unless it is internal or was hidden meanwhile."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.forum.closed.reading import SHOWN
from feedback.forum.models import Comment
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import markdown
from feedback.notify.groups import About, Group
from feedback.notify.occasions import EXCERPT_LENGTH, Facts, Occasion, _post
from feedback.notify.recipients import Audience, followers, writer_of


def key(entry: Entry) -> str:
    return f"comment:{entry.data['comment']}"


def facts(entry: Entry) -> Facts | None:
    return facts_of(Comment.objects.filter(is_internal=False, is_hidden=False), entry)


def facts_of(comments: QuerySet[Comment], entry: Entry) -> Facts | None:
    """Return what a notice keeps of the comment that ``entry`` tells of, None where it is none of ``comments``."""
    shown = comments.filter(post__state__in=SHOWN).select_related("post", "author")
    comment = shown.filter(public_id=entry.data["comment"]).first()
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
    if "reply_to" in entry.data:
        yield from writer_of(entry.data["reply_to"])
    yield from followers([topic for topic in _post.about(entry) if topic[0] == About.POST])


def sentence(kept: Facts) -> str:
    if kept["is_official"] and kept.get("follows"):
        return _("%(by)s answered a post that you follow, for the team") % kept
    if kept["is_official"]:
        return _("%(by)s answered your post for the team") % kept
    if kept.get("answered"):
        return _("%(by)s answered your comment") % kept
    if kept.get("follows"):
        return _("%(by)s commented on a post that you follow") % kept
    return _("%(by)s commented on your post") % kept


def url(kept: Facts) -> str:
    return reverse("forum:comment-detail", args=[kept["comment"]])


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

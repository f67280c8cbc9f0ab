"""The team locked a post, or unlocked it: its author hears, and why."""

from django.utils.translation import gettext as _

from feedback.forum.models import Post
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _post


def key(entry: Entry) -> str:
    return f"locked:{entry.pk}"


def facts(entry: Entry) -> Facts | None:
    is_locked = entry.verb == Verb.POST_LOCKED
    post = Post.objects.filter(public_id=entry.data["post"], is_locked=is_locked).first()
    if post is None:
        return None
    reason = entry.data.get("word", "")
    return {"post": post.public_id, "title": post.title, "locked": is_locked, "reason": reason}


def sentence(kept: Facts) -> str:
    if kept["locked"]:
        return _("The team locked your post: it stays, and only the team comments there now")
    return _("The team unlocked your post: everyone can comment again")


OCCASION = Occasion(
    verbs=(Verb.POST_LOCKED, Verb.POST_UNLOCKED),
    group=Group.MODERATION,
    key=key,
    facts=facts,
    recipients=_post.recipients,
    about=_post.about,
    thread=_post.thread,
    sentence=sentence,
    url=_post.url,
)

"""The team put a post back into the ask its author had taken it out of: the author hears."""

from django.utils.translation import gettext as _

from feedback.forum.models import Post
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _post


def key(entry: Entry) -> str:
    return f"contest-refused:{entry.pk}"


def facts(entry: Entry) -> Facts | None:
    post = Post.objects.filter(public_id=entry.data["post"]).first()
    if post is None:
        return None
    return {"title": post.title, "post": post.public_id, "ask_title": entry.data["ask_title"]}


def sentence(kept: Facts) -> str:
    return _("The team put your post back into “%(ask_title)s”") % kept


OCCASION = Occasion(
    verbs=(Verb.CONTEST_REFUSED,),
    group=Group.MODERATION,
    key=key,
    facts=facts,
    recipients=_post.recipients,
    about=_post.about,
    thread=_post.thread,
    sentence=sentence,
    url=_post.url,
)

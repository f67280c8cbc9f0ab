"""The team put a post back into the ask its author had taken it out of: the author hears."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.forum.models import Post
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.occasions import Facts, Group, Occasion
from feedback.notify.recipients import Audience, author_of


def key(entry: Entry) -> str:
    return f"contest-refused:{entry.pk}"


def facts(entry: Entry) -> Facts | None:
    post = Post.objects.filter(public_id=entry.data["post"]).first()
    if post is None:
        return None
    return {"title": post.title, "post": post.public_id, "ask_title": entry.data["ask_title"]}


def recipients(entry: Entry) -> Iterable[Audience]:
    return author_of(entry.data["post"])


def sentence(kept: Facts) -> str:
    return _("The team put your post back into “%(ask_title)s”") % kept


def url(kept: Facts) -> str:
    return reverse("forum:post-detail", args=[kept["post"]])


OCCASION = Occasion(
    verbs=(Verb.CONTEST_REFUSED,),
    group=Group.MODERATION,
    key=key,
    facts=facts,
    recipients=recipients,
    sentence=sentence,
    url=url,
)

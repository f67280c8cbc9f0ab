"""An agent posted something: the person it acts for hears, once a day for all their agents, since it counts once they confirm it."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.forum.models import Post
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _post
from feedback.notify.recipients import Audience


def key(entry: Entry) -> str:
    return f"agent-posted:{entry.at:%Y-%m-%d}"


def facts(entry: Entry) -> Facts | None:
    waiting = Post.objects.filter(public_id=entry.data["post"], state=Post.State.WITNESS)
    title = waiting.values_list("title", flat=True).first()
    return {"title": title} if title is not None else None


def recipients(entry: Entry) -> Iterable[Audience]:
    written = Post.objects.filter(public_id=entry.data["post"])
    yield Audience(User.objects.filter(pk__in=written.values("author__acts_for")), asked=True)


def sentence(kept: Facts) -> str:
    return _("Your agent posted something: say whether it happened to you")


def url(kept: Facts) -> str:
    return reverse("forum:agents")


OCCASION = Occasion(
    verbs=(Verb.POST_BY_AGENT,),
    group=Group.REPLIES,
    key=key,
    facts=facts,
    recipients=recipients,
    thread=_post.thread,
    sentence=sentence,
    url=url,
)

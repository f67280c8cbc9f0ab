"""A reply by mail could not become a comment: whoever the mail was sent to hears why, once a reply."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.forum.closed.reading import SHOWN
from feedback.forum.queries import posts_visible_to
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _post
from feedback.notify.recipients import Audience


def key(entry: Entry) -> str:
    return f"reply-refused:{entry.pk}"


def facts(entry: Entry) -> Facts:
    person = User.objects.get(public_id=entry.data["person"])
    posts = posts_visible_to(person).filter(state__in=SHOWN)
    post = posts.filter(public_id=entry.data["post"]).first()
    shown = {"title": post.title, "post": post.public_id} if post else {}
    return {"reason": entry.data["reason"], **shown}


def recipients(entry: Entry) -> Iterable[Audience]:
    yield Audience(User.objects.filter(public_id=entry.data["person"]), asked=True)


def sentence(kept: Facts) -> str:
    return _("Your reply by mail could not become a comment")


def url(kept: Facts) -> str:
    return _post.url(kept) if kept.get("post") else reverse("notify:inbox")


def thread(entry: Entry) -> str:
    return _post.thread(entry) if entry.data["post"] else ""


OCCASION = Occasion(
    verbs=(Verb.REPLY_REFUSED,),
    group=Group.MODERATION,
    key=key,
    facts=facts,
    recipients=recipients,
    thread=thread,
    sentence=sentence,
    url=url,
)

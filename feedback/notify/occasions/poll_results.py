"""A poll is closed: who answered it hears of its results."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.forum.models import Poll, Post
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _post
from feedback.notify.recipients import Audience


def key(entry: Entry) -> str:
    return f"poll:{entry.data['poll']}"


def facts(entry: Entry) -> Facts | None:
    shown = Poll.objects.filter(public_id=entry.data["poll"], post__state=Post.State.PUBLISHED)
    poll = shown.select_related("post").first()
    if poll is None:
        return None
    return {"title": poll.post.title, "post": poll.post.public_id, "question": poll.question}


def recipients(entry: Entry) -> Iterable[Audience]:
    answered = User.objects.filter(ballots__poll__public_id=entry.data["poll"])
    yield Audience(answered, asked=False)


def sentence(kept: Facts) -> str:
    return _("The poll “%(question)s” is closed: see how people answered") % kept


def url(kept: Facts) -> str:
    return f"{_post.url(kept)}#poll"


OCCASION = Occasion(
    verbs=(Verb.POLL_RESULTS,),
    group=Group.REPLIES,
    key=key,
    facts=facts,
    recipients=recipients,
    about=_post.about,
    thread=_post.thread,
    sentence=sentence,
    url=url,
)

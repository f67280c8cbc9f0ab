"""The team asks those behind an ask one question: each hears once. Who only follows it is not asked."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.asks.models import GroupQuestion
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _answer, _ask, taken_from
from feedback.notify.recipients import Audience, behind_asks


def key(entry: Entry) -> str:
    return f"group-question:{entry.data['question']}"


def facts(entry: Entry) -> Facts | None:
    asked = GroupQuestion.objects.filter(public_id=entry.data["question"], closed_at=None).first()
    if asked is None:
        return None
    return taken_from(entry, "title", "ask") | _answer.excerpts(asked.question, asked.question_zh)


def recipients(entry: Entry) -> Iterable[Audience]:
    """Return everyone behind the ask: they may reply."""
    yield from behind_asks([_ask.ask_of(entry).pk])


def sentence(kept: Facts) -> str:
    if kept["asked"]:
        return _("The team asks you one thing about what you asked for")
    return _("The team asks you one thing about what you wanted too")


def url(kept: Facts) -> str:
    return reverse("asks:ask-detail", args=[kept["ask"]]) + "#question"


OCCASION = Occasion(
    verbs=(Verb.GROUP_ASKED,),
    group=Group.ASKS,
    key=key,
    facts=facts,
    recipients=recipients,
    about=_ask.about,
    thread=_ask.thread,
    sentence=sentence,
    url=url,
    excerpt=_answer.excerpt,
)

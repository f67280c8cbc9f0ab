"""The team answered an ask: everyone behind it hears, once an answer."""

from django.utils.translation import gettext as _

from feedback.asks.models import Answer
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _answer, _ask, taken_from


def key(entry: Entry) -> str:
    return f"answer:{entry.data['answer']}"


def facts(entry: Entry) -> Facts | None:
    answer = Answer.objects.standing().filter(public_id=entry.data["answer"]).first()
    return taken_from(entry, "title", "ask", "answer") | _answer.said(answer) if answer else None


def sentence(kept: Facts) -> str:
    if kept["asked"]:
        return _("The team answered what you asked for")
    if kept.get("follows"):
        return _("The team answered an ask that you follow")
    return _("The team answered what you wanted too")


OCCASION = Occasion(
    verbs=(Verb.ASK_ANSWERED,),
    group=Group.ASKS,
    key=key,
    facts=facts,
    recipients=_ask.recipients,
    about=_ask.about,
    thread=_ask.thread,
    sentence=sentence,
    url=_ask.url,
    excerpt=_answer.excerpt,
)

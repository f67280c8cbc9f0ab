"""The team gave an answer other words, and says that it matters: everyone behind the ask hears, once an edit."""

from dataclasses import replace

from django.utils.translation import gettext as _

from feedback.asks.models import Answer
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.occasions import Facts, _answer, ask_answered, taken_from


def key(entry: Entry) -> str:
    return f"answer:{entry.data['answer']}:{entry.data['time']}"


def facts(entry: Entry) -> Facts | None:
    answer = Answer.objects.standing().filter(public_id=entry.data["answer"]).first()
    if answer is None or not entry.data["tells"]:
        return None
    return taken_from(entry, "title", "ask", "answer") | _answer.said(answer)


def sentence(kept: Facts) -> str:
    if kept["asked"]:
        return _("The team changed its answer to what you asked for")
    if kept.get("follows"):
        return _("The team changed its answer to an ask that you follow")
    return _("The team changed its answer to what you wanted too")


OCCASION = replace(
    ask_answered.OCCASION,
    verbs=(Verb.ANSWER_EDITED,),
    key=key,
    facts=facts,
    sentence=sentence,
)

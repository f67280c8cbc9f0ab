"""The team declined an ask, with a reason: everyone behind it hears, once a refusal."""

from django.utils.translation import gettext as _

from feedback.asks.stages import Stage
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _ask, taken_from


def key(entry: Entry) -> str:
    return f"ask-declined:{entry.public_id}"


def facts(entry: Entry) -> Facts:
    return taken_from(entry, "title", "ask", "reason")


def sentence(kept: Facts) -> str:
    if kept["asked"]:
        return _("Will not be done, and why: you asked for it")
    if kept.get("follows"):
        return _("Will not be done, and why: you follow it")
    return _("Will not be done, and why: you wanted it too")


OCCASION = Occasion(
    verbs=(Verb.ASK_DECLINED,),
    group=Group.ASKS,
    key=key,
    facts=facts,
    recipients=_ask.recipients,
    about=_ask.about,
    thread=_ask.thread,
    sentence=sentence,
    url=_ask.url,
    stage=Stage.DECLINED,
)

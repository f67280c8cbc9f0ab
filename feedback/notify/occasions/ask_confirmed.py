"""The team confirmed an ask: everyone behind it hears that they are not alone, and who follows its area."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _ask


def key(entry: Entry) -> str:
    return f"ask:{_ask.ask_of(entry).public_id}:confirmed"


def facts(entry: Entry) -> Facts | None:
    ask = _ask.ask_of(entry)
    if not ask.is_public:
        return None  # undone meanwhile
    return {"title": ask.title, "ask": ask.public_id, "people": ask.people_count}


def sentence(kept: Facts) -> str:
    if kept.get("follows"):
        return _("A new ask in an area that you follow")
    if kept["people"] < 2:
        return _("The team took up what you asked for")
    return ngettext(
        "The team took up what you and %(others)d other ask for",
        "The team took up what you and %(others)d others ask for",
        kept["people"] - 1,
    ) % {"others": kept["people"] - 1}


OCCASION = Occasion(
    verbs=(Verb.ASK_CONFIRMED,),
    group=Group.GROUPED,
    key=key,
    facts=facts,
    recipients=_ask.recipients,
    about=_ask.about,
    thread=_ask.thread,
    sentence=sentence,
    url=_ask.url,
)

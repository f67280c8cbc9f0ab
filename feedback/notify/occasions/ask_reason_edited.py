"""The team worded anew why it declined an ask, and says that it matters: everyone behind it hears."""

from dataclasses import replace

from django.utils.translation import gettext as _

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.occasions import Facts, ask_declined, taken_from


def key(entry: Entry) -> str:
    return f"ask-reason:{entry.public_id}"


def facts(entry: Entry) -> Facts | None:
    return taken_from(entry, "title", "ask", "reason") if entry.data["tells"] else None


def sentence(kept: Facts) -> str:
    if kept["asked"]:
        return _("There is more to say about why this will not be done: you asked for it")
    if kept.get("follows"):
        return _("There is more to say about why this will not be done: you follow it")
    return _("There is more to say about why this will not be done: you wanted it too")


OCCASION = replace(
    ask_declined.OCCASION,
    verbs=(Verb.DECLINE_REASON_EDITED,),
    key=key,
    facts=facts,
    sentence=sentence,
)

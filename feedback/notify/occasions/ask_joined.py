"""Two asks became one: whose posts came along hear with how many they ask now."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.occasions import Facts, _decided
from feedback.roadmap.queries import item_of


def sentence(kept: Facts) -> str:
    if kept.get("follows"):
        return _("An ask that you follow was joined with this one")
    return ngettext(
        "Joined with those who ask for the same: %(people)d person now",
        "Joined with those who ask for the same: %(people)d people now",
        kept["people"],
    ) % {"people": kept["people"]}


def facts(entry: Entry) -> Facts | None:
    if item_of(_decided.home_of(_decided.decision_of(entry))) is not None:
        return None  # where the item stands is told by `ask_linked`, and says more
    return _decided.facts(entry)


OCCASION = _decided.occasion(verb=Verb.ASK_JOINED, sentence=sentence, facts=facts)

"""Two items became one: those behind the one that is part of the other now hear."""

from django.utils.translation import gettext as _

from feedback.journal.verbs import Verb
from feedback.notify.occasions import Facts, _reshaped


def sentence(kept: Facts) -> str:
    if kept.get("follows"):
        return _("An item that you follow is part of this one now")
    if kept["asked"]:
        return _("What you asked for is part of this item now")
    return _("What you wanted too is part of this item now")


OCCASION = _reshaped.occasion(verb=Verb.ITEM_JOINED, sentence=sentence)

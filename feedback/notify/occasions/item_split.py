"""A part of an item became an item of its own: those behind that part hear."""

from django.utils.translation import gettext as _

from feedback.journal.verbs import Verb
from feedback.notify.occasions import Facts, _reshaped


def sentence(kept: Facts) -> str:
    if kept.get("follows"):
        return _("A part of an item that you follow is an item of its own now")
    if kept["asked"]:
        return _("What you asked for is an item of its own now")
    return _("What you wanted too is an item of its own now")


OCCASION = _reshaped.occasion(verb=Verb.ITEM_SPLIT, sentence=sentence)

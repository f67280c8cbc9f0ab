"""A part of an ask became one of its own: whose posts went there hear."""

from django.utils.translation import gettext as _

from feedback.journal.verbs import Verb
from feedback.notify.occasions import Facts, _decided


def sentence(kept: Facts) -> str:
    if kept.get("follows"):
        return _("A part of an ask that you follow is an ask of its own now")
    return _("What you asked for is an ask of its own now")


OCCASION = _decided.occasion(verb=Verb.ASK_SPLIT, sentence=sentence, facts=_decided.facts)

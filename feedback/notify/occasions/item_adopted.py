"""An item came onto the roadmap: everyone behind the asks it answers hears."""

from django.utils.translation import gettext as _

from feedback.journal.verbs import Verb
from feedback.notify.occasions import Facts, _item


def sentence(kept: Facts) -> str:
    if kept["asked"]:
        return _("Planned: you asked for it")
    if kept.get("follows"):
        return _("Planned: you follow it")
    return _("Planned: you wanted it too")


OCCASION = _item.occasion(verb=Verb.ITEM_ADOPTED, keeps=(), sentence=sentence)

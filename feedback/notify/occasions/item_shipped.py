"""An item shipped: everyone behind the asks it answers hears, and is thanked."""

from django.utils.translation import gettext as _

from feedback.journal.verbs import Verb
from feedback.notify.occasions import Facts, _item


def sentence(kept: Facts) -> str:
    if kept["asked"]:
        return _("Shipped in %(version)s. Thank you for asking") % kept
    if kept.get("follows"):
        return _("Shipped in %(version)s. You follow it") % kept
    return _("Shipped in %(version)s. You wanted it too") % kept


OCCASION = _item.occasion(verb=Verb.ITEM_SHIPPED, keeps=("version", "text"), sentence=sentence)

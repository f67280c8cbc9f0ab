"""An item shipped: everyone behind the asks it answers hears, and is thanked."""

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.journal.verbs import Verb
from feedback.notify.occasions import Facts, _item


def sentence(kept: Facts) -> str:
    if kept["asked"]:
        return _("Shipped in %(version)s. Thank you for asking") % kept
    if kept.get("follows"):
        return _("Shipped in %(version)s. You follow it") % kept
    return _("Shipped in %(version)s. You wanted it too") % kept


def url(kept: Facts) -> str:
    """Return the author's own page of thanks, and for who wanted it too the item's."""
    return reverse("roadmap:story-mine", args=[kept["item"]]) if kept["asked"] else _item.url(kept)


OCCASION = replace(
    _item.occasion(verb=Verb.ITEM_SHIPPED, keeps=("version", "text"), sentence=sentence), url=url
)

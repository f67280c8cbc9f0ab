"""An item was declined, with a reason: everyone behind the asks it answers hears."""

from feedback.notify.occasions import _item
from feedback.notify.occasions.ask_declined import sentence

OCCASION = _item.occasion(verb="roadmap.item-declined", keeps=("reason",), sentence=sentence)

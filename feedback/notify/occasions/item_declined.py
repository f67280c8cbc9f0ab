"""An item was declined, with a reason: everyone behind the asks it answers hears."""

from feedback.journal.verbs import Verb
from feedback.notify.occasions import _item
from feedback.notify.occasions.ask_declined import sentence

OCCASION = _item.occasion(verb=Verb.ITEM_DECLINED, keeps=("reason",), sentence=sentence)

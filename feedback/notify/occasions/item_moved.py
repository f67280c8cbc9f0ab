"""An item moved on, or back: everyone behind the asks it answers hears."""

from django.utils.translation import gettext as _

from feedback.asks.stages import Stage
from feedback.journal.verbs import Verb
from feedback.notify.occasions import Facts, _item


def sentence(kept: Facts) -> str:
    match kept["stage"], kept.get("came_from"):
        case Stage.IN_PROGRESS, Stage.SHIPPED:
            return _("Back in the workshop: it was not done yet")
        case Stage.IN_PROGRESS, _other:
            return _("Work has begun")
        case Stage.BETA, _other:
            return _("Now in beta, to be tried out")
        case Stage.PLANNED, Stage.DECLINED:
            return _("Planned after all")
        case Stage.PLANNED, _other:
            return _("Put back on the plan")
    return _("Under review again")


OCCASION = _item.occasion(verb=Verb.ITEM_MOVED, keeps=("came_from",), sentence=sentence)

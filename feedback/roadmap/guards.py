"""What the roadmap holds on to."""

from django.utils.translation import gettext as _

from feedback.asks.models import Ask
from feedback.kernel.refusals import Refusal
from feedback.roadmap import queries


def refuse_what_an_item_answers(ask: Ask) -> None:
    """Raise `Refusal` when an item answers ``ask`` or one that was joined into it: the item leads it."""
    item = queries.item_of(ask)
    if item is not None:
        raise Refusal(
            _("“%(ask)s” is on the roadmap, as “%(item)s”. Move the item instead.")
            % {"ask": ask.title, "item": item.title}
        )

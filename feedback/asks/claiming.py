"""Counting the people behind asks anew, when an imported author turned out to be somebody here."""

from feedback.accounts.claiming.keepers import Keeper, Record, Records
from feedback.accounts.models import User
from feedback.asks.counts import recount
from feedback.asks.models import Membership
from feedback.forum import claiming as forum
from feedback.kernel.batches import batches


def hand_over(author: User, person: User, records: Records) -> Record:
    """Count one person less behind the asks that both stood behind. Lock contract: the asks' rows."""
    _recount_asks(records)
    return {}


def hand_back(author: User, person: User, records: Records) -> None:
    """Count both again."""
    _recount_asks(records)


def _recount_asks(records: Records) -> None:
    asks: set[int] = set()
    for some in batches(forum.touched(records)):
        asks.update(Membership.objects.filter(post__in=some).values_list("ask", flat=True))
    recount(asks)


KEEPER = Keeper(room="asks", hand_over=hand_over, hand_back=hand_back)

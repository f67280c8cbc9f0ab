"""Which asks may say the same as one that is proposed: offered beside its evidence, to be ticked and become one with it.

The machine does not propose to join them: of asks so near, one in four at the most is the same (ADR 0024). A person who has both
titles before them sees which. Measured on five labelled boards: of 211 groups of which another says the same, that one is among the
five nearest in 70 of 100, among the three nearest in 61.
"""

import datetime as dt

from django.http import HttpRequest

from feedback.asks.models import Ask, Proposal
from feedback.desk.inbox.waiting import Wish, waiting
from feedback.grouping.similar.asks_near import asks_near

#: Offered of those that the team has confirmed, and of those that wait in the inbox too, where so many people are behind them.
CONFIRMED, WAITING, FEWEST = 3, 2, 3


def near_ones(proposal: Proposal, *, now: dt.datetime) -> list[Ask]:
    """Return the asks nearest to a new one, those first that are confirmed; none for other kinds of proposals."""
    if proposal.kind != Proposal.Kind.NEW_ASK:
        return []
    ask, live = proposal.ask, Ask.objects.open()
    waits = waiting(ask.product, Wish(kind=Proposal.Kind.NEW_ASK, size=FEWEST), now=now)
    return [
        *asks_near(ask, limit=CONFIRMED, among=live.filter(state=Ask.State.PUBLIC)),
        *asks_near(ask, limit=WAITING, among=live.filter(pk__in=waits.values("ask"))),
    ]


def also_ticked(request: HttpRequest, proposal: Proposal) -> list[Ask]:
    """Return the asks that the form says want the same as the new one."""
    ticked = request.POST.getlist("also")[: CONFIRMED + WAITING]
    live = Ask.objects.open().filter(product=proposal.ask.product_id, public_id__in=ticked)
    return list(live.exclude(pk=proposal.ask_id))


def overtaken_by(proposal: Proposal) -> list[str]:
    """Return the public ids of the proposals that are settled with what was decided about ``proposal``."""
    decided = Proposal.objects.select_related("decision").get(pk=proposal.pk).decision
    named = decided.before.get("proposals", []) if decided is not None else []
    return [one for one in named if one != proposal.public_id]

"""Two people who join and split the same items at the same moment."""

import pytest

from feedback.asks.stages import Stage
from feedback.kernel.refusals import Refusal
from feedback.roadmap import operations
from feedback.roadmap.lineage.operations import join_items, split_item
from feedback.roadmap.models import Item, ItemAsk, Reshaping
from tests.roadmap.test_at_once import at_once


@pytest.mark.django_db(transaction=True)
def test_two_joins_each_into_the_other_join_once(item, pia, bo, publish, make_ask, now):
    ask = make_ask(publish(bo, "Colours for the night"))
    other = operations.adopt(ask=ask, title="Night colours", actor=pia, now=now)
    by = {"actor": pia, "now": now}
    outcomes = at_once(
        lambda: join_items(item=item, into=other, **by),
        lambda: join_items(item=other, into=item, **by),
        lambda: operations.move(item=item, stage=Stage.IN_PROGRESS, **by),
    )
    assert sum(isinstance(outcome, Reshaping) for outcome in outcomes) == 1
    assert all(isinstance(outcome, (Reshaping, Refusal, Item)) for outcome in outcomes), outcomes
    (standing,) = Item.objects.standing()
    assert ItemAsk.objects.filter(item=standing).count() == 2
    assert {link.ask.stage for link in standing.links.select_related("ask")} == {standing.stage}


@pytest.mark.django_db(transaction=True)
def test_the_same_split_twice_at_once_splits_once(item, pia, bo, publish, make_ask, now):
    ask = make_ask(publish(bo, "It is too bright"))
    operations.link_ask(item=item, ask=ask, actor=pia, now=now)
    outcomes = at_once(
        *[
            lambda: split_item(item=item, asks=[ask], title="A dimmer", actor=pia, now=now)
            for _ in range(3)
        ]
    )
    assert sum(isinstance(outcome, Reshaping) for outcome in outcomes) == 1
    assert all(isinstance(outcome, (Reshaping, Refusal)) for outcome in outcomes), outcomes
    assert Item.objects.count() == 2

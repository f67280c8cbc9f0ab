"""An ask that an item answers stands where its item stands, whatever is pressed."""

import pytest

from feedback.asks import holders
from feedback.asks.answers import decline_ask, reopen_ask
from feedback.asks.decisions.confirm import rename_ask
from feedback.asks.decisions.shape import join_asks
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Ask
from feedback.asks.stages import Stage
from feedback.asks.staging import set_stage
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from feedback.roadmap import operations
from feedback.roadmap.models import Item


def stages(item, *asks):
    return [Item.objects.get(pk=item.pk).stage, *(Ask.objects.get(pk=ask.pk).stage for ask in asks)]


def deliver(now):
    while journal.deliver_due(now=now):
        pass


# --- The item leads -----------------------------------------------------------------------------------------
def test_declining_an_ask_on_the_desk_declines_its_item(item, dark_mode, pia, client_of):
    client_of(pia).post(f"/desk/asks/{dark_mode.public_id}/decline/", {"reason": "Too dear."})
    assert stages(item, dark_mode) == [Stage.DECLINED, Stage.DECLINED]
    dark_mode.refresh_from_db()
    assert dark_mode.decline_reason == "Too dear."
    assert not Entry.objects.filter(verb="asks.ask-declined").exists()


def test_an_ask_with_an_item_is_not_declined_past_it(item, dark_mode, pia, now):
    with pytest.raises(Refusal, match="Move the item instead"):
        decline_ask(ask=dark_mode, reason="Too dear.", actor=pia, now=now)
    assert stages(item, dark_mode) == [Stage.PLANNED, Stage.PLANNED]


def test_reopening_moves_no_ask_that_an_item_leads(item, dark_mode, pia, now, client_of):
    client_of(pia).post(f"/desk/asks/{dark_mode.public_id}/reopen/")
    assert stages(item, dark_mode) == [Stage.PLANNED, Stage.PLANNED]
    operations.decline(item=item, reason="Too dear.", actor=pia, now=now)
    client_of(pia).post(f"/desk/asks/{dark_mode.public_id}/reopen/")
    assert stages(item, dark_mode) == [Stage.DECLINED, Stage.DECLINED]


def test_only_what_is_declined_is_reopened(dark_mode, pia, now):
    set_stage(ask=dark_mode, stage=Stage.PLANNED, actor=pia, now=now)
    with pytest.raises(Refusal, match="not declined"):
        reopen_ask(ask=dark_mode, actor=pia, now=now)


def test_reopening_twice_is_written_once(dark_mode, pia, now):
    decline_ask(ask=dark_mode, reason="Too dear.", actor=pia, now=now)
    for _ in range(2):
        reopen_ask(ask=dark_mode, actor=pia, now=now)
    assert Entry.objects.filter(verb="asks.ask-reopened").count() == 1


def test_the_desk_offers_no_way_past_the_item(item, dark_mode, pia, now, client_of):
    operations.move(item=item, stage=Stage.UNDER_REVIEW, actor=pia, now=now)
    page = client_of(pia).get(f"/desk/asks/{dark_mode.public_id}/").content.decode()
    assert f"/desk/asks/{dark_mode.public_id}/dismiss/" not in page
    operations.decline(item=item, reason="Too dear.", actor=pia, now=now)
    page = client_of(pia).get(f"/desk/asks/{dark_mode.public_id}/").content.decode()
    assert f"/desk/asks/{dark_mode.public_id}/reopen/" not in page


def test_the_roadmap_holds_on_to_its_asks_and_what_they_were_joined_into(
    item, dark_mode, bo, publish, make_ask, pia, now
):
    big = make_ask(publish(bo, "Night theme"))
    holders.refuse(big)
    with pytest.raises(Refusal, match="A dark theme"):
        holders.refuse(dark_mode)
    set_stage(ask=big, stage=Stage.PLANNED, actor=pia, now=now)
    join_asks(ask=dark_mode, into=big, actor=pia, now=now)
    with pytest.raises(Refusal, match="A dark theme"):
        holders.refuse(big)


def test_an_item_is_declined_for_one_reason_at_a_time(item, pia, now):
    operations.decline(item=item, reason="Too dear.", actor=pia, now=now)
    operations.decline(item=item, reason="Too dear.", actor=pia, now=now)
    with pytest.raises(Refusal, match="for another reason"):
        operations.decline(item=item, reason="Too hard.", actor=pia, now=now)
    assert Entry.objects.filter(verb="roadmap.item-declined").count() == 1


# --- Undoing a decision -------------------------------------------------------------------------------------
def test_an_ask_that_comes_back_catches_up_with_its_item(
    item, dark_mode, bo, publish, make_ask, pia, now
):
    other = make_ask(publish(bo, "Night theme"))
    operations.link_ask(item=item, ask=other, actor=pia, now=now)
    joined = join_asks(ask=dark_mode, into=other, actor=pia, now=now)
    operations.ship(item=item, version="1.0", actor=pia, now=now)
    undo(decision=joined, actor=pia, now=now)
    deliver(now)
    assert stages(item, dark_mode, other) == [Stage.SHIPPED] * 3


def test_an_ask_that_is_left_without_an_item_goes_back_under_review(
    item, dark_mode, bo, publish, make_ask, pia, now
):
    other = make_ask(publish(bo, "Night theme"))
    operations.move(item=item, stage=Stage.UNDER_REVIEW, actor=pia, now=now)
    joined = join_asks(ask=dark_mode, into=other, actor=pia, now=now)
    operations.move(item=item, stage=Stage.PLANNED, actor=pia, now=now)
    assert stages(item, other) == [Stage.PLANNED, Stage.PLANNED]
    undo(decision=joined, actor=pia, now=now)
    deliver(now)
    assert stages(item, dark_mode, other) == [Stage.PLANNED, Stage.PLANNED, Stage.UNDER_REVIEW]


def test_undoing_what_is_not_on_the_roadmap_moves_nothing(
    dark_mode, bo, publish, make_ask, pia, now
):
    decline_ask(ask=dark_mode, reason="Too dear.", actor=pia, now=now)
    renamed = rename_ask(ask=dark_mode, title="Night", actor=pia, now=now)
    undo(decision=renamed, actor=pia, now=now)
    deliver(now)
    dark_mode.refresh_from_db()
    assert (dark_mode.stage, dark_mode.decline_reason) == (Stage.DECLINED, "Too dear.")

"""Adopting, moving, shipping, declining, linking."""

import datetime as dt

import pytest

from feedback.asks.answers import decline_ask
from feedback.asks.decisions.shape import join_asks
from feedback.asks.models import Ask
from feedback.asks.stages import Stage
from feedback.asks.staging import set_stage
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from feedback.roadmap import operations, queries, steps
from feedback.roadmap.models import ChangelogLine, Item, Release
from feedback.roadmap.train.operations import plan_release


def stage_of(ask):
    return Ask.objects.get(pk=ask.pk).stage


def last_entry():
    return Entry.objects.order_by("-id").first()


# --- Adopting ---------------------------------------------------------------------------------------------
def test_adopting_makes_a_planned_item_and_moves_the_ask_along(dark_mode, pia, now):
    item = operations.adopt(ask=dark_mode, actor=pia, now=now, title="  A dark\ttheme ")
    assert (item.title, item.stage) == ("A dark theme", Stage.PLANNED)
    assert stage_of(dark_mode) == Stage.PLANNED
    entry = last_entry()
    assert entry.verb == "roadmap.item-adopted"
    assert entry.actor_id == pia.pk
    assert entry.data["asks"] == [dark_mode.public_id]


def test_an_ask_is_answered_by_one_item_at_a_time(item, dark_mode, pia, now):
    with pytest.raises(Refusal, match="on the roadmap already"):
        operations.adopt(ask=dark_mode, actor=pia, now=now, title="Another")
    assert Item.objects.count() == 1


def test_an_ask_that_was_not_confirmed_cannot_be_adopted(ann, publish, make_ask, pia, now):
    proposed = make_ask(publish(ann), state="PROPOSED")
    with pytest.raises(Refusal, match="Confirm"):
        operations.adopt(ask=proposed, actor=pia, now=now, title="Too early")
    assert not Item.objects.exists()


def test_an_item_needs_a_title(dark_mode, pia, now):
    with pytest.raises(Refusal):
        operations.adopt(ask=dark_mode, actor=pia, now=now, title="  ")


def test_a_declined_ask_may_be_adopted_after_all(dark_mode, pia, now):
    decline_ask(ask=dark_mode, reason="Not now.", actor=pia, now=now)
    operations.adopt(ask=dark_mode, actor=pia, now=now, title="A dark theme")
    dark_mode.refresh_from_db()
    assert (dark_mode.stage, dark_mode.decline_reason) == (Stage.PLANNED, "")


def test_adopting_an_ask_that_was_joined_adopts_where_it_went(
    dark_mode, bo, publish, make_ask, pia, now
):
    old = make_ask(publish(bo, "Night theme"))
    join_asks(ask=old, into=dark_mode, actor=pia, now=now)
    item = operations.adopt(ask=old, actor=pia, now=now, title="A dark theme")
    assert list(item.asks.all()) == [dark_mode]


# --- Moving -------------------------------------------------------------------------------------------------
def test_moving_an_item_moves_its_asks(item, dark_mode, pia, now):
    operations.move(item=item, stage=Stage.IN_PROGRESS, actor=pia, now=now)
    assert stage_of(dark_mode) == Stage.IN_PROGRESS
    entry = last_entry()
    assert (entry.verb, entry.data["stage"]) == ("roadmap.item-moved", "IN_PROGRESS")
    assert entry.data["came_from"] == "PLANNED"


def test_moving_to_where_it_stands_changes_nothing(item, pia, now):
    before = Entry.objects.count()
    operations.move(item=item, stage=Stage.PLANNED, actor=pia, now=now)
    assert Entry.objects.count() == before


def test_the_table_of_stages_holds(item, pia, now):
    operations.move(item=item, stage=Stage.UNDER_REVIEW, actor=pia, now=now)
    with pytest.raises(Refusal, match="moved meanwhile"):
        operations.move(item=item, stage=Stage.BETA, actor=pia, now=now)


def test_declining_needs_a_public_reason(item, dark_mode, pia, now):
    with pytest.raises(Refusal, match="Say why"):
        operations.move(item=item, stage=Stage.DECLINED, actor=pia, now=now, reason="  ")
    assert stage_of(dark_mode) == Stage.PLANNED
    operations.decline(item=item, reason="Two themes cost more than they give.", actor=pia, now=now)
    dark_mode.refresh_from_db()
    assert dark_mode.stage == Stage.DECLINED
    assert dark_mode.decline_reason == "Two themes cost more than they give."
    assert last_entry().verb == "roadmap.item-declined"


def test_an_item_cannot_be_moved_to_shipped_without_a_version(item, pia, now):
    with pytest.raises(Refusal, match="version"):
        operations.move(item=item, stage=Stage.SHIPPED, actor=pia, now=now)
    with pytest.raises(Refusal, match="version"):
        operations.ship(item=item, version=" ", actor=pia, now=now)


# --- Shipping -----------------------------------------------------------------------------------------------
def test_shipping_moves_writes_the_line_and_thanks_who_asked(item, dark_mode, ann, pia, now, bo):
    shipped = operations.ship(item=item, version="1.4.0", actor=pia, now=now, text="Dark at last.")
    assert (shipped.stage, shipped.release.version) == (Stage.SHIPPED, "1.4.0")
    assert shipped.release.release_date == dt.date(2026, 3, 6)
    assert stage_of(dark_mode) == Stage.SHIPPED
    line = ChangelogLine.objects.get()
    assert (line.text, line.people_count) == ("Dark at last.", 2)
    assert line.credited == [ann.public_id, bo.public_id]
    entry = last_entry()
    assert (entry.verb, entry.data["version"]) == ("roadmap.item-shipped", "1.4.0")


def test_without_words_of_its_own_the_line_is_the_title(item, pia, now):
    operations.ship(item=item, version="1.4.0", actor=pia, now=now)
    assert ChangelogLine.objects.get().text == "A dark theme"


def test_shipping_twice_ships_once(item, pia, now):
    operations.ship(item=item, version="1.4.0", actor=pia, now=now)
    with pytest.raises(operations.AlreadyShipped, match=r"1\.4\.0"):
        operations.ship(item=item, version="1.5.0", actor=pia, now=now)
    assert Entry.objects.filter(verb="roadmap.item-shipped").count() == 1
    assert Release.objects.get().version == "1.4.0"


def test_a_planned_train_that_leaves_early_leaves_today(product, item, pia, now):
    Release.objects.create(product=product, version="1.4.0", release_date=dt.date(2026, 4, 1))
    operations.ship(item=item, version="1.4.0", actor=pia, now=now)
    assert Release.objects.get().release_date == dt.date(2026, 3, 6)


def test_a_version_without_days_is_out_with_its_first_item_and_says_so_once(
    item, bo, publish, make_ask, pia, now
):
    other = operations.adopt(ask=make_ask(publish(bo, "Big text")), title="Big", actor=pia, now=now)
    for one in (item, other):
        operations.ship(item=one, version="1.4.0", actor=pia, now=now)
    (entry,) = Entry.objects.filter(verb="roadmap.released")
    assert (entry.data["version"], entry.data["shipped"]) == ("1.4.0", [item.pk])


def test_one_item_does_not_let_a_train_out(item, product, pia, now):
    plan_release(product=product, version="1.4.0", actor=pia, now=now)
    with pytest.raises(Refusal, match="on the train"):
        operations.ship(item=item, version="1.4.0", actor=pia, now=now)
    assert not Release.objects.get().is_out
    assert Item.objects.get().stage == Stage.PLANNED


def test_what_was_shipped_may_be_reopened_and_shipped_again(item, dark_mode, pia, now):
    operations.ship(item=item, version="1.4.0", actor=pia, now=now)
    operations.move(item=item, stage=Stage.IN_PROGRESS, actor=pia, now=now)
    assert stage_of(dark_mode) == Stage.IN_PROGRESS
    operations.ship(item=item, version="1.4.1", actor=pia, now=now)
    line = ChangelogLine.objects.get()
    assert line.release.version == "1.4.1"
    arrivals = Entry.objects.filter(verb="roadmap.item-shipped").order_by("id")
    assert [entry.data["visit"] for entry in arrivals] == [0, 1]


def test_credits_name_authors_first_to_ask_first_and_nobody_without_a_name(
    ann, bo, person, anonymous, publish, make_ask, pia, now
):
    nameless = person("x", email="nobody@example.org")
    nameless.display_name = ""
    nameless.save()
    posts = [
        publish(bo, "Later", now=now),
        publish(ann, "Earlier", now=now - dt.timedelta(days=3)),
        publish(anonymous(), "Nobody", now=now - dt.timedelta(days=9)),
        publish(nameless, "No name", now=now - dt.timedelta(days=8)),
        publish(ann, "Again", now=now),
    ]
    ask = make_ask(*posts, title="Dark mode")
    item = operations.adopt(ask=ask, actor=pia, now=now, title="A dark theme")
    operations.ship(item=item, version="2", actor=pia, now=now)
    line = ChangelogLine.objects.get()
    assert line.credited == [ann.public_id, bo.public_id]
    assert line.people_count == 4


def test_people_behind_several_asks_are_counted_once(item, ann, bo, publish, make_ask, pia, now):
    other = make_ask(publish(ann, "Black background"), publish(bo, "It is too bright"))
    operations.link_ask(item=item, ask=other, actor=pia, now=now)
    operations.ship(item=item, version="1.4.0", actor=pia, now=now)
    assert ChangelogLine.objects.get().people_count == 2
    assert queries.rows([item])[0].people_count == 2
    assert queries.rows([item])[0].post_count == 3


def test_an_ask_that_was_joined_into_another_is_counted_there(
    item, dark_mode, ann, bo, publish, make_ask, pia, now
):
    big = make_ask(publish(bo, "Night theme"), title="Night theme")
    set_stage(ask=big, stage=Stage.PLANNED, actor=pia, now=now)
    join_asks(ask=dark_mode, into=big, actor=pia, now=now)
    assert queries.live_ask_ids(item) == [big.pk]
    assert queries.item_of(big) == item
    operations.ship(item=item, version="1.4.0", actor=pia, now=now)
    assert stage_of(big) == Stage.SHIPPED
    assert ChangelogLine.objects.get().people_count == 2


def test_an_item_does_not_lead_an_ask_that_has_an_item_of_its_own(
    item, dark_mode, bo, publish, make_ask, pia, now
):
    other = make_ask(publish(bo, "Night theme"), title="Night theme")
    own = operations.adopt(ask=other, actor=pia, now=now, title="Night colours")
    join_asks(ask=dark_mode, into=other, actor=pia, now=now)
    operations.ship(item=item, version="1.4.0", actor=pia, now=now)
    assert stage_of(other) == Stage.PLANNED
    assert queries.item_of(other) == own


# --- Linking and editing --------------------------------------------------------------------------------------
def test_a_linked_ask_catches_up_with_the_item(item, bo, publish, make_ask, pia, now):
    operations.move(item=item, stage=Stage.BETA, actor=pia, now=now)
    other = make_ask(publish(bo, "It is too bright"))
    operations.link_ask(item=item, ask=other, actor=pia, now=now)
    assert stage_of(other) == Stage.BETA


def test_unlinking_puts_the_ask_back_under_review(item, dark_mode, bo, publish, make_ask, pia, now):
    other = make_ask(publish(bo, "It is too bright"))
    operations.adopt(ask=other, actor=pia, now=now, title="", item=item)
    operations.unlink_ask(item=item, ask=other, actor=pia, now=now)
    assert stage_of(other) == Stage.UNDER_REVIEW
    assert list(item.asks.all()) == [dark_mode]


def test_the_only_ask_cannot_be_unlinked(item, dark_mode, pia, now):
    with pytest.raises(Refusal, match="one ask"):
        operations.unlink_ask(item=item, ask=dark_mode, actor=pia, now=now)


def test_nothing_is_linked_to_what_has_shipped(item, bo, publish, make_ask, pia, now):
    operations.ship(item=item, version="1.4.0", actor=pia, now=now)
    with pytest.raises(Refusal, match="closed"):
        operations.link_ask(item=item, ask=make_ask(publish(bo)), actor=pia, now=now)


def test_editing_plans_for_a_version_and_needs_its_day(item, pia, now):
    with pytest.raises(Refusal, match="which day"):
        operations.edit_item(item=item, title="Dark", summary="", version="2.0", actor=pia, now=now)
    day = dt.date(2026, 3, 13)
    edited = operations.edit_item(
        item=item,
        title="Dark",
        summary="**Soon**",
        version="2.0",
        release_date=day,
        actor=pia,
        now=now,
    )
    assert (edited.release.version, edited.release.release_date) == ("2.0", day)
    edited = operations.edit_item(item=item, title="Dark", summary="", actor=pia, now=now)
    assert edited.release is None


def test_an_item_moves_no_day_that_is_promised_or_past(item, product, pia, now):
    later = dt.date(2026, 4, 3)
    plan = {"item": item, "title": "Dark", "summary": "", "actor": pia, "now": now}
    planned = plan_release(product=product, version="1.4.0", actor=pia, now=now)
    operations.edit_item(version="1.4.0", release_date=later, **plan)
    assert Release.objects.get(pk=planned.pk).release_date == planned.release_date
    past = dt.date(2026, 2, 6)
    out = Release.objects.create(
        product=product, version="1.3", release_date=past, stop="RELEASED", released_at=now
    )
    operations.ship(item=item, version="1.3", release_date=later, actor=pia, now=now)
    assert Release.objects.get(pk=out.pk).release_date == past


@pytest.mark.parametrize("version", ["Q1/2026", "..", "a?b", "50%", "#1", "a\\b"])
def test_a_version_that_no_address_can_hold_is_refused_everywhere(item, product, pia, now, version):
    by = {"version": version, "actor": pia, "now": now}
    day = dt.date(2026, 4, 3)
    with pytest.raises(Refusal, match="letters, digits"):
        operations.ship(item=item, **by)
    with pytest.raises(Refusal, match="letters, digits"):
        operations.edit_item(item=item, title="Dark", summary="", release_date=day, **by)
    with pytest.raises(Refusal, match="letters, digits"):
        plan_release(product=product, **by)
    assert not Release.objects.exists()


@pytest.mark.parametrize("present", list(Stage))
@pytest.mark.parametrize("wanted", list(Stage))
def test_an_ask_can_catch_up_from_any_stage_to_any_other(present, wanted):
    way = steps.way(present, wanted)
    assert (way[-1] if way else present) == wanted
    assert Stage.DECLINED not in way[:-1]

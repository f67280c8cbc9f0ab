"""Areas on the site: found, confirmed, corrected, undone, and held in every later run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.asks.areas.counts import reconcile_areas, recount_changed_areas
from feedback.asks.areas.operations import (
    close_area,
    confirm_areas,
    join_areas,
    make_area,
    name_area,
    put_asks,
)
from feedback.asks.decisions.shape import split_ask
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Area, Ask, Decision, PlacementAttempt
from feedback.asks.tasks import recount_areas
from feedback.asks.voting import vote_ask
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from tests.both import often

pytestmark = pytest.mark.django_db


def state():
    """Everything a decision about areas may touch, by value."""
    return (
        sorted(Ask.objects.values_list("pk", "area", "area_source")),
        sorted(
            Area.objects.filter(state__in=["PROPOSED", "PUBLIC"]).values_list(
                "pk", "name", "name_source", "state", "confirmed_at", "ask_count", "post_count"
            )
        ),
    )


def where(asks):
    """Return the areas of ``asks`` as they are now."""
    return list(
        Ask.objects.filter(pk__in=[ask.pk for ask in asks])
        .order_by("id")
        .values_list("area", flat=True)
    )


def live(number):
    return list(Area.objects.filter(state__in=["PROPOSED", "PUBLIC"]).order_by("id"))[number]


def some_asks():
    return list(Ask.objects.order_by("id")[3:6])


DECISIONS = {
    "confirm": lambda pia, now: confirm_areas(areas=[live(0)], actor=pia, now=now),
    "confirm all": lambda pia, now: confirm_areas(
        areas=list(Area.objects.filter(state="PROPOSED")), actor=pia, now=now
    ),
    "name": lambda pia, now: name_area(area=live(0), name="Power", actor=pia, now=now),
    "join": lambda pia, now: join_areas(area=live(0), into=live(1), actor=pia, now=now),
    "make": lambda pia, now: make_area(name="Odds and ends", asks=some_asks(), actor=pia, now=now),
    "put": lambda pia, now: put_asks(asks=some_asks(), area=live(-1), actor=pia, now=now),
    "out": lambda pia, now: put_asks(asks=some_asks(), area=None, actor=pia, now=now),
    "close": lambda pia, now: close_area(area=live(0), actor=pia, now=now),
}


def test_the_parts_of_the_board_are_proposed_by_name(areas, parted):
    for part, area in areas.items():
        assert part in area.name.casefold()
        assert (area.state, area.ask_count, area.post_count) == ("PROPOSED", 4, 8)
        assert area.people_count == 2
        assert {ask.area_source for ask in parted[part]} == {"MACHINE"}


def test_arranging_again_changes_nothing_and_writes_nothing(areas, arrange):
    before, entries = state(), Entry.objects.count()
    arrange()
    assert state() == before
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("name", DECISIONS)
def test_undoing_restores_everything_exactly(areas, pia, now, name):
    before = state()
    decision = DECISIONS[name](pia, now)
    assert state() != before
    undo(decision=decision, actor=pia, now=now)
    assert state() == before


@pytest.mark.parametrize("name", DECISIONS)
def test_every_decision_is_journalled_and_bound_by_the_next_run(
    areas,
    arrange,
    pia,
    now,
    name,
):
    decision = DECISIONS[name](pia, now)
    by_person = dict(Ask.objects.filter(area_source="PERSON").values_list("pk", "area"))
    public = set(Area.objects.filter(state="PUBLIC").values_list("pk", "name"))
    assert Entry.objects.filter(data__decision=decision.public_id).count() == 1
    arrange()
    arrange()
    assert dict(Ask.objects.filter(pk__in=by_person).values_list("pk", "area")) == by_person
    assert public <= set(Area.objects.filter(state="PUBLIC").values_list("pk", "name"))


@given(st.lists(st.sampled_from(sorted(DECISIONS)), min_size=1, max_size=6))
@settings(max_examples=often(12))
def test_undoing_any_sequence_backwards_restores_everything(areas, pia, now, names):
    before = state()
    made = []
    for name in names:
        try:
            made.append(DECISIONS[name](pia, now))
        except (Refusal, IndexError):
            continue
    for decision in reversed(made):
        undo(decision=decision, actor=pia, now=now)
    assert state() == before


def test_a_confirmed_area_keeps_its_asks_and_takes_in_new_ones_only(
    areas,
    parted,
    arrange,
    publish,
    make_ask,
    ann,
    bo,
    pia,
    now,
):
    area = areas["battery"]
    confirm_areas(areas=[area], actor=pia, now=now)
    new = make_ask(
        publish(ann, "The battery icon is wrong"),
        publish(bo, "My battery icon again"),
        title="battery icon is wrong",
    )
    arrange()
    new.refresh_from_db()
    assert (new.area, new.area_source) == (area, "MACHINE")
    assert where(parted["battery"]) == [area.pk] * 4
    entry = Entry.objects.filter(verb="grouping.areas-arranged").latest("id")
    assert entry.data["placed"] == [new.public_id]
    # Correctable, for ever.
    put_asks(asks=[new], area=areas["camera"], actor=pia, now=now)
    arrange()
    new.refresh_from_db()
    assert new.area == areas["camera"]


def test_a_name_that_people_gave_stays_and_holds_the_area(areas, arrange, pia, now):
    area = areas["camera"]
    name_area(area=area, name="  Photos ", actor=pia, now=now)
    Ask.objects.filter(area=area).update(title="something else")
    arrange()
    area.refresh_from_db()
    assert (area.name, area.state) == ("Photos", "PROPOSED")


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "CAMERA"])
def test_a_name_that_will_not_do_is_told(areas, pia, now, name):
    Area.objects.filter(pk=areas["camera"].pk).update(name="Camera")
    with pytest.raises(Refusal):
        name_area(area=areas["battery"], name=name, actor=pia, now=now)
    assert not Decision.objects.exists()


def test_a_dissolved_area_does_not_come_back(areas, parted, arrange, pia, now):
    close_area(area=areas["keyboard"], actor=pia, now=now)
    arrange()
    arrange()
    homes = where(parted["keyboard"])
    assert areas["keyboard"].pk not in homes
    assert not Area.objects.filter(
        name__icontains="keyboard", state__in=["PROPOSED", "PUBLIC"]
    ).exists()


def test_undoing_a_dissolving_brings_the_area_back_over_what_the_machine_did(
    areas,
    parted,
    arrange,
    pia,
    now,
):
    decision = close_area(area=areas["keyboard"], actor=pia, now=now)
    arrange()
    undo(decision=decision, actor=pia, now=now)
    assert where(parted["keyboard"]) == [areas["keyboard"].pk] * 4
    areas["keyboard"].refresh_from_db()
    assert areas["keyboard"].is_live


def test_an_ask_that_people_want_in_no_area_stays_in_none(
    areas,
    parted,
    arrange,
    pia,
    now,
):
    ask = parted["camera"][0]
    put_asks(asks=[ask], area=None, actor=pia, now=now)
    arrange()
    ask.refresh_from_db()
    assert (ask.area, ask.area_source) == (None, "PERSON")


def test_joining_a_public_area_into_a_proposed_one_keeps_it_public(areas, pia, now):
    confirm_areas(areas=[areas["battery"]], actor=pia, now=now)
    join_areas(area=areas["battery"], into=areas["camera"], actor=pia, now=now)
    areas["camera"].refresh_from_db()
    areas["battery"].refresh_from_db()
    assert (areas["camera"].state, areas["camera"].ask_count) == ("PUBLIC", 8)
    assert areas["battery"].joined_into == areas["camera"]


def test_a_decision_others_stand_on_is_undone_last(areas, parted, pia, now):
    put = put_asks(asks=parted["camera"][:1], area=areas["battery"], actor=pia, now=now)
    close_area(area=areas["camera"], actor=pia, now=now)
    with pytest.raises(Refusal, match="Undo that first"):
        undo(decision=put, actor=pia, now=now)


def test_an_area_made_by_people_is_undone_last(areas, parted, pia, now):
    made = make_area(name="Both", asks=parted["camera"][:2], actor=pia, now=now)
    put_asks(asks=parted["battery"][:1], area=made.area, actor=pia, now=now)
    with pytest.raises(Refusal, match="Undo that first"):
        undo(decision=made, actor=pia, now=now)


def test_an_old_name_taken_meanwhile_is_told(areas, pia, now):
    was = areas["camera"].name
    renamed = name_area(area=areas["camera"], name="Photos", actor=pia, now=now)
    name_area(area=areas["battery"], name=was, actor=pia, now=now)
    with pytest.raises(Refusal, match="Rename that one first"):
        undo(decision=renamed, actor=pia, now=now)


def test_decisions_about_different_areas_are_undone_in_any_order(areas, parted, pia, now):
    before = state()
    one = confirm_areas(areas=[areas["camera"]], actor=pia, now=now)
    other = put_asks(asks=parted["battery"][:1], area=areas["keyboard"], actor=pia, now=now)
    undo(decision=one, actor=pia, now=now)
    undo(decision=other, actor=pia, now=now)
    assert state() == before


def test_confirming_what_is_confirmed_is_told(areas, pia, now):
    confirm_areas(areas=[areas["camera"]], actor=pia, now=now)
    with pytest.raises(Refusal, match="nothing left"):
        confirm_areas(areas=[areas["camera"]], actor=pia, now=now)


def test_an_area_that_is_gone_is_told(areas, pia, now):
    close_area(area=areas["camera"], actor=pia, now=now)
    with pytest.raises(Refusal, match="no longer an area"):
        name_area(area=areas["camera"], name="Photos", actor=pia, now=now)


def test_what_somebody_decides_meanwhile_is_not_overrun(
    areas,
    parted,
    arrange,
    pia,
    now,
    monkeypatch,
):
    from feedback.engine import Areas

    fit, decided = Areas.fit, []

    def interrupted(self, *args, **options):
        found = fit(self, *args, **options)
        if not decided:
            decided.append(
                put_asks(asks=parted["camera"][:1], area=areas["battery"], actor=pia, now=now)
            )
        return found

    monkeypatch.setattr(Areas, "fit", interrupted)
    arrange()
    parted["camera"][0].refresh_from_db()
    assert parted["camera"][0].area == areas["battery"]


def test_a_post_without_an_ask_is_known_by_its_area(areas, arrange, publish, ann, now):
    post = publish(ann, "The battery of my battery case drains overnight")
    placement = PlacementAttempt.objects.create(
        post=post, content_hash=post.content_hash, model_key="x", looked_at=now
    )
    arrange()
    placement.refresh_from_db()
    assert placement.area == areas["battery"]


def test_a_small_board_has_no_areas(posts, regroup):
    regroup()
    assert not Area.objects.exists()


def test_a_run_arranges_what_it_found(parted, regroup):
    run = regroup()
    assert run.state == "DONE"
    assert Area.objects.filter(state="PROPOSED").exists()


def test_what_is_split_off_stays_in_the_area(areas, parted, pia, now):
    ask = parted["camera"][0]
    post = ask.memberships.first().post
    split = split_ask(ask=ask, posts=[post], title="Lenses", actor=pia, now=now)
    assert split.other_ask.area == areas["camera"]


def test_people_who_come_later_count_in_the_area_too(areas, parted, pia, mo, now):
    area = areas["camera"]
    some = parted["camera"][:2]
    recount_changed_areas()
    area.refresh_from_db()
    before = area.people_count
    for person in (pia, mo):
        for ask in some:
            vote_ask(ask=ask, person=person, now=now)
    assert reconcile_areas(fix=False) == 0, "It waits to be counted; nothing has drifted."
    recount_areas.func()
    area.refresh_from_db()
    assert area.people_count == before + 2
    assert recount_changed_areas() == 0

"""What a report says: shares with bounds, no figure of nothing, and whether it worked."""

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.asks.models import Membership
from feedback.engine.stats.intervals import difference, rate_ratio, wilson
from feedback.kernel import clock
from feedback.roadmap.models import Cell
from feedback.roadmap.reports import results
from feedback.roadmap.reports.effect import effects
from feedback.roadmap.reports.operations import Said, close_due_reports
from tests.roadmap.reports.conftest import TUESDAY

PAGE = "/releases/1.4.0/results/"
counts = st.integers(min_value=0, max_value=5000)


def text_of(response):
    return " ".join(response.content.decode().split())


# --- Properties ---------------------------------------------------------------------------------------------
@given(counts, counts)
def test_a_share_and_its_bounds_are_never_outside_nothing_and_all(hits, misses):
    share = wilson(hits, hits + misses)
    assert 0 <= share.low <= share.high <= 1
    if share.value is not None:
        assert share.low <= share.value <= share.high


@given(st.integers(0, 60), st.integers(1, 60), st.integers(2, 30))
def test_more_people_who_say_the_same_narrow_the_bounds(hits, misses, times):
    few, many = wilson(hits, hits + misses), wilson(hits * times, (hits + misses) * times)
    assert many.high - many.low < few.high - few.low


days = st.floats(min_value=1, max_value=400)


@given(counts, days, counts, days)
def test_a_ratio_of_rates_lies_within_its_bounds(before, days_before, after, days_after):
    if before + after == 0:
        with pytest.raises(ValueError, match="something that happened"):
            rate_ratio(before, days_before, after, days_after)
        return
    ratio = rate_ratio(before, days_before, after, days_after)
    assert ratio.low >= 0
    assert ratio.low <= ratio.value * (1 + 1e-9)
    assert ratio.value <= ratio.high * (1 + 1e-9)
    assert math.isinf(ratio.value) == (before == 0)


@given(st.integers(1, 100), st.integers(1, 100), st.integers(2, 20))
def test_more_posts_narrow_a_ratio(before, after, times):
    few = rate_ratio(before, 30, after, 30)
    many = rate_ratio(before * times, 30 * times, after * times, 30 * times)
    assert many.high / many.low < few.high / few.low


@given(counts, counts, counts, counts)
def test_a_difference_of_shares_lies_within_its_bounds(a, b, c, d):
    one, other = wilson(a, a + b), wilson(c, c + d)
    if not (a + b and c + d):
        with pytest.raises(ValueError, match="nothing"):
            difference(one, other)
        return
    between = difference(one, other)
    assert -1 <= between.low <= between.value + 1e-9
    assert between.value <= between.high + 1e-9
    assert between.high <= 1


@given(loved=counts, work=counts, broken=counts)
def test_happy_and_broken_are_never_more_than_everyone(loved, work, broken):
    verdict = results.Verdict(None, "", loved, work, broken)
    happy, still = verdict.happy, verdict.still_broken
    assert happy.is_known == (verdict.people >= results.FEWEST) == (happy.missing == 0)
    if happy.is_known:
        assert 0 <= happy.value + still.value <= 1 + 1e-9
    else:
        assert (happy.value, happy.low, happy.high) == (None, None, None)


# --- The page -----------------------------------------------------------------------------------------------
def test_each_item_has_its_share_with_people_and_bounds(client, say, left):
    say([Said(Cell.LOVED, item=left.dark)], people=12)
    say([Said(Cell.NEEDS_WORK, item=left.dark)], people=3)
    say([Said(Cell.BROKEN, item=left.dark), Said(Cell.BROKEN, text="White at noon")], people=2)
    say([Said(Cell.LOVED, item=left.offline)], people=4)
    page = text_of(client.get(PAGE))
    assert "21 people filled in the report." in page
    assert "<strong>71%</strong>" in page  # 12 of 17
    assert "47%–87%" in page
    assert "<strong>12%</strong>" in page
    assert "4 people spoke of it. 1 more until a share says anything." in page
    assert "The team has 2 lines to read." in page
    assert "White at noon" not in page
    assert "In the lead for the popcorn award" in page
    assert "Asked by" in page


def test_nobody_has_said_anything_yet(client, open_report):
    page = text_of(client.get(PAGE))
    assert "0 people filled in the report." in page
    assert "%</strong>" not in page


def test_htmx_gets_the_live_part_alone(client, say, left):
    say([Said(Cell.LOVED, item=left.dark)], people=5)
    part = text_of(client.get(PAGE, headers={"hx-request": "true"}))
    assert part.startswith('<div id="live"')
    assert "<strong>100%</strong>" in part


def test_those_who_asked_are_set_against_the_others(say, left, ann, bo, open_report):
    say([Said(Cell.LOVED, item=left.dark)], by=[ann, bo])
    say([Said(Cell.BROKEN, item=left.dark)], people=5)
    found = {group.name: group for group in results.groups(open_report)}
    assert found["Everyone"].people == 7
    assert found["Asked for what shipped"].people == 2
    assert not found["Asked for what shipped"].loved.is_known
    assert found["Did not ask for it"].broken.value == 1


def test_ask_and_item_say_what_became_of_it(client, say, left, dark_mode):
    say([Said(Cell.LOVED, item=left.dark)], people=5)
    say([Said(Cell.NEEDS_WORK, item=left.dark)], people=1)
    say([Said(Cell.BROKEN, item=left.dark)], people=1)
    for page in (f"/asks/{dark_mode.public_id}/", f"/roadmap/{left.dark.public_id}/"):
        said = text_of(client.get(page))
        assert "2 asked, shipped on Friday, <strong>71% happy</strong>, 14% still broken." in said


def test_too_few_say_so_on_the_item_without_a_share(client, say, left):
    say([Said(Cell.LOVED, item=left.dark)], people=2)
    said = text_of(client.get(f"/roadmap/{left.dark.public_id}/"))
    assert "2 people have said how it is." in said
    assert "% happy" not in said


def test_what_got_the_popcorn_says_so(client, say, left, dark_mode, frozen):
    say([Said(Cell.LOVED, item=left.dark)], people=5)
    frozen.move_to(TUESDAY + dt.timedelta(days=8))
    close_due_reports(now=clock.now())
    assert "The popcorn award</strong>" in text_of(client.get(f"/asks/{dark_mode.public_id}/"))
    assert "The popcorn award</h2>" in text_of(client.get(PAGE))
    other = text_of(client.get(f"/roadmap/{left.offline.public_id}/"))
    assert "The popcorn award" not in other


def test_the_results_are_counted_anew_when_somebody_sends_and_not_otherwise(
    client, say, left, django_assert_max_num_queries
):
    say([Said(Cell.LOVED, item=left.dark)], people=5)
    assert "5 people filled in the report." in text_of(client.get(PAGE))
    with django_assert_max_num_queries(10):
        client.get(PAGE)
    say([Said(Cell.LOVED, item=left.dark)])
    assert "6 people filled in the report." in text_of(client.get(PAGE))


# --- Did it work? -------------------------------------------------------------------------------------------
def ask_again(publish, ask, people, at):
    for one in people:
        post = publish(one, "Dark mode, please", now=at)
        Membership.objects.create(post=post, ask=ask, source="MACHINE", placed_at=at)


def test_fewer_posts_after_it_shipped_is_said_with_its_bounds(left, publish, person, dark_mode):
    released = left.release.released_at
    many = [person(f"Q{number}") for number in range(20)]
    ask_again(publish, dark_mode, many, released - dt.timedelta(days=28))
    later = released + dt.timedelta(days=28)
    effect = effects([left.dark], released_at=released, now=later)[left.dark.pk]
    assert (effect.before, effect.after) == (
        20,
        1,
    )  # dark_mode itself is written the moment it ships
    assert effect.verdict == "fewer"
    assert effect.ratio.value == pytest.approx(1 / 20)
    assert effect.ratio.high < 1


def test_nothing_is_said_of_a_day_or_of_two_posts(left, publish, person, dark_mode):
    released = left.release.released_at
    early = effects([left.dark], released_at=released, now=released + dt.timedelta(days=2))
    assert early[left.dark.pk].ratio is None
    assert early[left.dark.pk].missing_posts == 4
    many = [person(f"Q{number}") for number in range(9)]
    ask_again(publish, dark_mode, many, released - dt.timedelta(days=30))
    effect = effects([left.dark], released_at=released, now=released + dt.timedelta(days=2))
    assert effect[left.dark.pk].ratio is None
    assert effect[left.dark.pk].missing_days == 5


def test_the_home_page_asks_while_it_is_open(client_of, ann, open_report, left, frozen):
    assert "How was 1.4.0?" in text_of(client_of(ann).get("/"))
    client_of(ann).post("/releases/1.4.0/report/", {"pick-LOVED": left.dark.public_id})
    assert "You said how 1.4.0 was." in text_of(client_of(ann).get("/"))
    assert "Say how it was" in text_of(client_of(None).get("/releases/1.4.0/"))
    frozen.move_to(TUESDAY + dt.timedelta(days=8))
    assert "how 1.4.0" not in text_of(client_of(ann).get("/"))
    assert clock.now() > open_report.closes_at
    assert "How it turned out" in text_of(client_of(ann).get("/releases/1.4.0/"))

"""From when to when a line of posts goes: no single post far away flattens it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.asks.trend import FEW, trend_from, window_of

START = dt.date(2016, 6, 1)


def on(*days, count=10):
    return {START + dt.timedelta(days=day): count for day in days}


def test_one_post_years_after_an_import_does_not_flatten_it():
    imported = on(*range(60))
    days = imported | on(3_700, count=1)
    assert window_of(days) == (min(imported), max(imported))
    trend = trend_from(days)
    assert trend.bucket == "week"
    assert trend.left_out == 1
    assert sum(count for _, count in trend.points) == 600


def test_the_only_old_post_does_not_either():
    days = on(0, count=1) | on(*range(2_000, 2_030))
    assert window_of(days)[0] == START + dt.timedelta(days=2_000)
    assert trend_from(days).bucket == "day"


def test_what_keeps_coming_is_never_left_out():
    days = on(*range(0, 700, 7), count=50) | on(715, count=1)
    assert window_of(days) == (min(days), max(days))
    assert trend_from(days).left_out == 0


def test_a_second_beginning_counts_as_soon_as_it_is_more_than_a_few():
    imported = on(*range(60))
    few, more = (imported | on(3_700, 3_701, count=count) for count in (6, 7))
    assert trend_from(few).left_out == 12
    assert trend_from(more).left_out == 0


def test_a_small_ask_shows_all_its_posts():
    days = on(0, 30, count=4) | on(900, count=1)
    assert window_of(days) == (min(days), max(days))


def test_no_days_have_no_window():
    with pytest.raises(ValueError, match="No days"):
        window_of({})
    assert trend_from({}).points == []


@given(
    st.dictionaries(
        st.integers(0, 5_000).map(lambda day: START + dt.timedelta(days=day)),
        st.integers(1, 100),
        min_size=1,
        max_size=40,
    )
)
def test_no_more_than_a_few_are_ever_left_out(days):
    trend = trend_from(days)
    total = sum(days.values())
    assert sum(count for _, count in trend.points) + trend.left_out == total
    assert trend.left_out <= max(FEW * total, 1)

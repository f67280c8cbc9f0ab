"""A long work takes as much at once as does not hold others up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.kernel import turns
from feedback.kernel.turns import Share

pytestmark = pytest.mark.django_db


@pytest.fixture
def hands(monkeypatch):
    """A clock that stands still until told: ``hands.seconds += 2``."""

    class Hands:
        seconds = 0.0

        def monotonic(self):
            return self.seconds

    made = Hands()
    monkeypatch.setattr(turns, "time", made)
    return made


def write(share, hands, *, seconds_a_row):
    """Write one share; return how many rows it had."""
    number = share.size
    with share.transaction(number):
        hands.seconds += number * seconds_a_row
    return number


def test_it_grows_while_that_is_quick_and_shrinks_at_once_when_it_is_not(hands):
    share = Share(least=10, most=400, seconds=0.1)
    quick = [write(share, hands, seconds_a_row=0.0001) for _ in range(8)]
    assert quick == [10, 20, 40, 80, 160, 320, 400, 400]
    assert write(share, hands, seconds_a_row=0.002) == 400
    assert write(share, hands, seconds_a_row=0.002) in (49, 50)
    write(share, hands, seconds_a_row=1.0)
    assert share.size == 10


def test_what_breaks_changes_nothing(hands):
    share = Share(least=10, most=400, seconds=0.1)
    with pytest.raises(RuntimeError), share.transaction(10):
        raise RuntimeError
    assert share.size == 10


@given(st.lists(st.floats(0, 10), max_size=20))
def test_it_stays_within_its_bounds(times):
    share = Share(least=10, most=400, seconds=0.1)
    for seconds in times:
        number = share.size
        assert 10 <= number <= 400
        share._goes_on(number, seconds)

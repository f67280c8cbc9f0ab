"""Whatever colour somebody chooses, words stay readable by day and by night, and a button can be told from the paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.identity import colours, tints
from feedback.identity.colours import contrast, oklch_of, read

PAPERS = (("#fbfaf7", "#f3f0ea", "#ffffff"), ("#1c1d1f", "#151618", "#25262a"))
INKS = ("#1e1b16", "#ece8e1")
_HARD = ["ffffff", "000000", "ffd400", "00ff00", "0000ff", "808080", "ff6a13", "1a237e", "fff8e1"]


def held(colour):
    """Hold what is promised of ``colour``; raises `AssertionError`."""
    for one, papers, ink in zip(tints.tints_of(colour), PAPERS, INKS, strict=True):
        for paper in (*papers, one.signal_wash):
            assert contrast(one.signal_ink, paper) >= 4.5
        for surface in (one.signal, one.signal_strong):
            assert contrast(one.on_signal, surface) >= 4.5
        assert all(contrast(one.signal, paper) >= 1.6 for paper in papers)
        assert contrast(ink, one.signal_wash) >= 7
        assert contrast(ink, one.select) >= 4.5


@pytest.mark.parametrize("colour", _HARD)
def test_the_hard_ones_stay_readable(colour):
    held(colour)


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_stays_readable(number):
    held(f"{number:06x}")


@given(st.integers(0, 0xFFFFFF))
def test_a_colour_comes_back_as_it_was(number):
    colour = f"#{number:06x}"
    back = colours.rgb_of(oklch_of(colour).written)
    assert all(
        abs(one - other) < 0.02 for one, other in zip(back, colours.rgb_of(colour), strict=True)
    )


def test_a_colour_that_works_is_taken_as_it_is():
    day, night = tints.tints_of("1e6fd9")
    assert (day.signal, day.on_signal) == ("#1e6fd9", "#ffffff")
    assert contrast(night.signal, "#1c1d1f") > contrast(day.signal, "#1c1d1f")


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("written", "colour"),
    [
        ("#1E6FD9", "1e6fd9"),
        (" 1e6fd9 ", "1e6fd9"),
        ("#08f", "0088ff"),
        ("red", None),
        ("#12345", None),
        ("#1e6fd9;}", None),
        ("１ｅ６ｆｄ９", None),
        ("", None),
    ],
)
def test_a_colour_is_read_as_people_write_it(written, colour):
    assert read(written) == colour

"""What a word may have been meant to be."""

import pytest

from feedback.kernel.spelling import one_letter_away


@pytest.mark.parametrize("typed", ["logn", "loginn", "logon", "lgoin", "loginx"])
def test_a_slip_is_a_letter_too_many_missing_wrong_or_two_swapped(typed):
    assert "login" in one_letter_away(typed)


def test_the_first_letter_is_taken_to_be_right():
    assert "captions" not in one_letter_away("kaptions")
    assert all(word[0] == "k" for word in one_letter_away("kaptions"))


def test_a_word_is_no_slip_of_itself():
    assert "aa" not in one_letter_away("aa")


@pytest.mark.parametrize("word", ["", "登录", "3.2.1", "pi-hole", "naïve"])
def test_slips_are_guessed_of_latin_letters_alone(word):
    assert one_letter_away(word) == set()

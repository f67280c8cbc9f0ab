"""A word is found however it is written, and nothing that only looks like it."""

import pytest

from feedback.forum.moderation.holding.spelling import folded, skeleton, spans


def found(words, said, by_sound=True):
    return [said[start:end] for start, end in spans(words, folded(said), by_sound=by_sound)]


@pytest.mark.parametrize(
    ("words", "said", "place"),
    [
        ("casino", "My CASINO!", "CASINO"),
        ("casino", "ｃａｓｉｎｏ now", "ｃａｓｉｎｏ"),
        ("casino", "c-a-s-i-n-o", "c-a-s-i-n-o"),
        ("casino", "c a s i n o", "c a s i n o"),
        ("casino", "саѕіnо", "саѕіnо"),  # Cyrillic
        ("casino", "c4s1n0", "c4s1n0"),
        ("casino", "caaasiiino", "caaasiiino"),
        ("casino", "cás\u200bino", "cás\u200bino"),
        ("casino*", "casinos", "casino"),
        ("赌博", "网上赌博平台", "赌博"),
        ("赌博", "賭 博", "賭 博"),
        ("赌博", "赌★博", "赌★博"),
        ("赌博", "来dubo吧", "dubo"),
        ("赌博", "赌bo", "赌bo"),
        ("中奖", "zhong jiang le", "zhong jiang"),
        ("加微信", "加 weixin", "加 weixin"),
    ],
)
def test_a_word_is_found_however_it_is_written(words, said, place):
    assert found(words, said) == [place]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("ass", "a class of has seen passes"),
        ("casino", "casinos in cases in October"),
        ("赌博", "我在读博，独播剧也看"),  # sounds alike, means something else
        ("赌博", "dubious books"),
        ("hat", "that chat, what a hate"),
        ("casino", "c a s e s i n order"),
    ],
)
def test_what_only_looks_like_it_is_not(words, said):
    assert found(words, said) == []


def test_by_sound_alone_where_it_is_wanted():
    assert found("赌博", "dubo", by_sound=False) == []


def test_those_who_write_the_same_a_little_differently_say_the_same():
    assert skeleton("Buy НATS, now!") == skeleton("b-u-y hats now")

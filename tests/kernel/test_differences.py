"""What changed between two texts."""

from hypothesis import given
from hypothesis import strategies as st

from feedback.kernel.differences import differences

TEXTS = st.text(alphabet="ab 中文，\n", max_size=60)


def said(before, after):
    return [(part.change, part.text) for part in differences(before, after)]


def test_words_are_told_apart_and_chinese_letters():
    assert said("I want it blue", "I want it green") == [
        ("same", "I want it "),
        ("gone", "blue"),
        ("new", "green"),
    ]
    assert said("深色模式", "浅色模式") == [("gone", "深"), ("new", "浅"), ("same", "色模式")]


def test_long_texts_are_compared_by_their_lines():
    before = "word " * 2_000 + "\nthe end"
    assert said(before, before.replace("the end", "no end"))[-2:] == [
        ("gone", "the end"),
        ("new", "no end"),
    ]


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_the_parts(before, after):
    parts = differences(before, after)
    assert "".join(part.text for part in parts if part.change != "new") == before
    assert "".join(part.text for part in parts if part.change != "gone") == after

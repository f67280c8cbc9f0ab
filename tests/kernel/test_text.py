"""Normalising, hashing, telling the language, cutting into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.kernel import text

words = st.text(max_size=200)


def test_control_and_bidi_override_characters_are_removed():
    assert text.normalise("safe\u202etxt.exe\x00\u200b") == "safetxt.exe"


def test_newlines_are_one_kind_and_blank_lines_few():
    assert text.normalise(" a \r\nb\r\r\r\r\nc ") == "a\nb\n\nc"


def test_the_authors_case_and_width_stay():
    assert text.normalise("Ｈｅｌｌｏ World") == "Ｈｅｌｌｏ World"


@given(words)
def test_normalising_twice_changes_nothing(value):
    once = text.normalise(value)
    assert text.normalise(once) == once


@given(words, words)
def test_the_hash_does_not_see_case_or_spaces(title, body):
    same = text.content_hash(f"  {title} ", body + "\n")
    assert text.content_hash(title, body) == same
    assert len(same) == 32


def test_the_hash_sees_words():
    assert text.content_hash("Dark mode", "") != text.content_hash("Dark modes", "")
    assert text.content_hash("ＤＡＲＫ mode", "") == text.content_hash("dark MODE", "")


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("Please add a dark mode", "en"),
        ("希望增加深色模式", "zh"),
        ("希望支持 Android Auto 投屏", "zh"),
        ("The word 深色 in an English sentence about themes and colours", "en"),
        ("", "en"),
        ("12345 !!!", "en"),
    ],
)
def test_the_language_of_a_text(written, language):
    assert text.language_of(written) == language


def test_words_of_both_scripts():
    assert text.tokens("Pi-hole 5.18 不能用") == ["pi-hole", "5.18", "不能", "用"]
    assert text.tokens("C++ isn't Java") == ["c++", "isn't", "java"]


def test_a_compound_is_found_by_its_parts():
    found = text.search_tokens("Pi-hole")
    assert {"pi-hole", "pi", "hole"} <= set(found)


@given(st.text(alphabet="深色模式希望增加视频播放后台锁屏", min_size=2, max_size=12))
def test_a_chinese_word_is_found_by_the_words_it_was_cut_into(sentence):
    found = set(text.search_tokens(sentence))
    for token in text.tokens(sentence):
        assert token in found


@given(words)
def test_cutting_never_fails_and_gives_folded_words(value):
    for token in text.search_tokens(value):
        assert token
        assert not token.isspace()


def test_the_encoder_reads_a_title_once():
    assert text.text_of("Dark mode", "Dark mode") == "Dark mode"
    assert text.text_of("Dark mode…", "Dark mode at night, please") == "Dark mode at night, please"
    assert text.text_of("Dark mode", "My eyes hurt.") == "Dark mode\nMy eyes hurt."
    assert text.text_of("", "My eyes hurt.") == "My eyes hurt."


def test_what_names_something():
    assert text.names_something("crash since 14.0.2")
    assert text.names_something("blocked by pi-hole")
    assert text.names_something("蓝牙连不上 CarPlay")
    assert not text.names_something("the keyboard is slow")
    assert not text.names_something("键盘太慢")

"""What a person sees of a text: what stays as typed, whether anything shows, how long it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.kernel import text, visible

#: Characters that show nothing by themselves, and a few that show nothing together.
NOTHING = {
    "braille blank": "\u2800",
    "Hangul filler": "\u3164",
    "half-width Hangul filler": "\uffa0",
    "Hangul choseong filler": "\u115f",
    "Hangul jungseong filler": "\u1160",
    "soft hyphen": "\u00ad",
    "combining grapheme joiner": "\u034f",
    "Arabic letter mark": "\u061c",
    "Mongolian vowel separator": "\u180e",
    "left-to-right isolate": "\u2066",
    "right-to-left override": "\u202e",
    "variation selector": "\ufe0f",
    "ideographic variation selector": "\U000e0100",
    "tag space": "\U000e0020",
    "a word in tags": "\U000e0068\U000e0069",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "zero-width non-joiner": "\u200c",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "left-to-right mark": "\u200e",
    "right-to-left mark": "\u200f",
    "no-break space": "\u00a0",
    "narrow no-break space": "\u202f",
    "ideographic space": "\u3000",
    "Ogham space": "\u1680",
    "line separator": "\u2028",
    "acute accent without a letter": "\u0301",
    "keycap without a digit": "\u20e3",
    "Khmer inherent vowel": "\u17b4",
    "musical null notehead": "\U0001d159",
    "invisible times": "\u2062",
    "interlinear anchor": "\ufff9",
    "object replacement": "\ufffc",
    "private use": "\ue000",
    "no character": "\uffff",
    "half of a pair": "\ud83d",
    "spaces and fillers": " \u2800\u3164 \u200b\u00ad",
    "marks on a blank": "\u2800\u0301\u0302",
}

#: What people type in their own scripts, each of which must come out as it went in.
TYPED = {
    "a woman at a computer": "\U0001f469\u200d\U0001f4bb mode",
    "a family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "a kiss with skin tones": "\U0001f469\U0001f3fd\u200d\u2764\ufe0f\u200d\U0001f48b\u200d\U0001f468\U0001f3ff",
    "a rainbow flag": "\U0001f3f3\ufe0f\u200d\U0001f308",
    "the flag of Scotland": "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "two flags": "\U0001f1e9\U0001f1ea\U0001f1e8\U0001f1f3",
    "a keycap": "1\ufe0f\u20e3 first",
    "a red heart": "\u2764\ufe0f",
    "a heart in black and white": "\u2764\ufe0e",
    "a black bird": "\U0001f426\u200d\u2b1b",
    "a Persian half space": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "a Persian abbreviation": "\u0647\u200d",
    "a Persian word before a space": "\u062e\u0627\u0646\u0647\u200c \u0647\u0627",
    "a Hindi conjunct held apart": "\u0915\u094d\u200d\u0937",
    "a Malayalam chillu at the end": "\u0d1e\u0d3e\u0d28\u0d4d\u200d",
    "a Sinhala conjunct": "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
    "a German word without a ligature": "Auf\u200clage",
    "a German word that may break": "Datei\u00adformat",
    "Khmer with a place to break": "\u1780\u1798\u17d2\u1796\u200b\u1787\u17b6",
    "Thai with a place to break": "\u0e20\u0e32\u0e29\u0e32\u200b\u0e44\u0e17\u0e22",
    "an accent of its own": "Cafe\u0301",
    "an accent with its letter": "Caf\u00e9",
    "Vietnamese": "Ti\u00ea\u0301ng Vi\u00ea\u0323t",
    "Hebrew with points": "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd",
    "Hebrew that ends in signs": "\u05e9\u05e4\u05ea C++\u200f",
    "Hebrew that begins with a name": "\u200fiPhone \u05dc\u05d0 \u05e0\u05d8\u05e2\u05df",
    "Hebrew with a name isolated": "\u05d4\u05d5\u05e1\u05d9\u05e4\u05d5 \u2066Dark mode!\u2069 \u05d1\u05d1\u05e7\u05e9\u05d4",
    "Arabic with a number embedded": "\u0631\u0642\u0645 \u202a+49 30 123\u202c \u0627\u0644\u0647\u0627\u062a\u0641",
    "a Chinese character in a variant": "\u845b\U000e0100\u57ce",
    "a compatibility ideograph": "\ufa19\u7530",
    "French with its spaces": "Pourquoi\u202f?",
    "Chinese with its space": "\u6df1\u8272\u3000\u6a21\u5f0f",
    "full width": "\uff28\uff45\uff4c\uff4c\uff4f",
    "Old Hangul": "\u1100\u1160\u11ab",
    "Mongolian": "\u182e\u180b\u1823",
}


@pytest.mark.parametrize("written", NOTHING.values(), ids=NOTHING)
def test_what_shows_nothing_is_nothing_however_often(written):
    for times in (1, 4):
        assert not visible.shows(text.one_line(written * times))


@pytest.mark.parametrize(
    "written",
    ["a", "好", "?", "…", "1", "\U0001f44d", "\u2764\ufe0f", "a\u0301", "\u0600", "☃", "�"],
)
def test_what_shows_anything_shows(written):
    assert visible.shows(written)


@pytest.mark.parametrize("written", TYPED.values(), ids=TYPED)
def test_what_is_typed_stays(written):
    assert text.one_line(written) == written
    assert text.normalise(f"{written}\n\n{written}") == f"{written}\n\n{written}"
    assert visible.shows(written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Bob\u2067", "Bob"),
        ("Bob\u200f", "Bob"),
        ("Bob\u200d", "Bob"),
        ("Bob\u2800\u3164", "Bob"),
        ("\u202eBob", "Bob"),
        ("dark\u200bmode", "darkmode"),
        ("a\u200d b", "a b"),
        ("hidden\U000e0068\U000e0069", "hidden"),
        ("\U0001f600" + "\U000e0101" * 40, "\U0001f600\U000e0101"),
        ("\u05e9\u05dc\u05d5\u05dd\u2067 foo", "\u05e9\u05dc\u05d5\u05dd foo"),
        ("\u05e9\u05dc\u05d5\u05dd\u2069 foo", "\u05e9\u05dc\u05d5\u05dd foo"),
        ("\u05e9\u05dc\u05d5\u05dd \u202eevil\u202c", "\u05e9\u05dc\u05d5\u05dd evil"),
        ("a\ufeffb\u2060c\x00d", "abcd"),
    ],
)
def test_what_only_hides_or_turns_words_around_is_gone(written, kept):
    assert text.one_line(written) == kept


def test_what_is_opened_in_a_line_is_closed_in_it():
    lines = text.normalise("\u05d0 \u2067b\n\u05d2\u2069 \u2066d\u2069")
    assert lines == "\u05d0 b\n\u05d2 \u2066d\u2069"


def test_a_list_keeps_its_indent_and_code_its_columns():
    written = "- one\n  - inside\n\n```\nif x:\n    y  =  1\n```"
    assert text.normalise(written) == written


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing(written):
    once = text.one_line(written)
    assert text.one_line(once) == once
    assert text.normalise(text.normalise(written)) == text.normalise(written)


@pytest.mark.parametrize("written", TYPED.values(), ids=TYPED)
def test_people_who_type_it_otherwise_find_it(written):
    bare = "".join(sign for sign in written if visible.shows(sign) or sign.isspace())
    if all(map(visible.shows, written.replace(" ", ""))):
        assert text.fold(bare) == text.fold(written)
    assert "\u200d" not in text.fold(written)
    assert "\u200c" not in text.fold(written)


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("", 0),
        ("abc", 3),
        ("深色模式", 4),
        ("Cafe\u0301", 4),
        (TYPED["a family"], 1),
        (TYPED["a kiss with skin tones"], 1),
        (TYPED["two flags"], 2),
        (TYPED["the flag of Scotland"] * 3, 3),
        ("क्षि", 1),
        ("a" + "\u0301" * 99, 10),
    ],
)
def test_length_is_what_a_person_sees(written, length):
    assert visible.length(written) == length


@given(
    st.lists(st.sampled_from([*TYPED.values(), "a", "深", " "]), max_size=30), st.integers(2, 20)
)
def test_what_is_cut_fits_and_no_character_is_cut_in_two(pieces, most):
    written = "".join(pieces)
    cut = visible.cut(written, most)
    assert visible.length(cut) <= most
    if cut != written:
        assert visible.length(written) > most
        whole = cut.removesuffix("…")
        assert written.startswith(whole)
        assert visible.length(whole) + visible.length(written[len(whole) :]) >= visible.length(
            written
        )


def test_the_first_character_is_a_whole_one():
    assert visible.first(" \u2800" + TYPED["a family"] + "x") == TYPED["a family"]
    assert visible.first("\u3164") == ""

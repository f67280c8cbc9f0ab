"""Whose sentence it is: what the machine wrote and nobody changed carries its sign, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.briefs.drafting.signs import sentences_of, signed, without_signs
from feedback.kernel import markdown
from feedback.kernel.markdown import MACHINE_SIGN

BEHIND = f"\N{NO-BREAK SPACE}{MACHINE_SIGN}"
DRAFT = """6 people wrote 9 posts this week.

### What grew

- [Maps](/asks/a/): 6 posts by 6 people this week, after 3 in the eight weeks before.
- [深色](/asks/b/)：本周3人发了3个帖子，此前八周没有。"""

words = st.text(st.sampled_from("ab .。“”*-#深色[]()\n"), max_size=12)
sentence = st.text(st.sampled_from("abc 深色"), min_size=1, max_size=8).map(
    lambda one: f"X{one.strip()}."
)
drafts = st.lists(sentence, min_size=1, max_size=5, unique=True)


def test_every_sentence_of_a_draft_is_signed_and_no_heading():
    read = signed(DRAFT, DRAFT)
    assert read.count(MACHINE_SIGN) == 3 == len(sentences_of(DRAFT))
    for one in sentences_of(DRAFT):
        assert one + BEHIND in read
    assert "### What grew\n" in read


@given(drafts, st.data())
def test_each_sentence_that_stands_is_signed_and_each_that_was_changed_is_not(sentences, data):
    kept = data.draw(st.sets(st.sampled_from(sentences)))
    draft = "\n".join(f"- {one}" for one in sentences)
    edited = "\n".join(f"- {one if one in kept else f'We: {one}'}" for one in sentences)
    read = signed(edited, draft)
    assert read.count(MACHINE_SIGN) == len(kept)
    assert all(f"- {one}{BEHIND}" in read for one in kept)


@given(drafts, words, words)
def test_signs_take_nothing_away_and_come_from_drafts_alone(sentences, before, after):
    draft = "\n".join(sentences)
    edited = f"{before}\n{draft}\n{after}"
    assert signed(edited, draft).replace(BEHIND, "") == edited
    assert signed(edited, "") == edited
    assert without_signs(signed(edited, draft)) == edited


@pytest.mark.parametrize(
    ("edited", "signs"),
    [
        ("It grew.", 1),
        ("- It grew.", 1),
        ("> 1. It grew.", 1),
        ("Look here. It grew.", 1),
        ("看这里。It grew.", 1),
        ("It grew. And how.", 1),
        ("It grew. It grew.", 2),
        ("Sadly, It grew.", 0),
        ("It grew.And how", 0),
        ("It grew, and how.", 0),
        ("it grew.", 0),
        ("### It grew.", 0),
    ],
)
def test_who_changes_a_word_makes_the_sentence_theirs(edited, signs):
    assert signed(edited, "- It grew.").count(MACHINE_SIGN) == signs


def test_a_reader_who_does_not_see_hears_a_word():
    html = markdown.render(f"It grew.{BEHIND} `{MACHINE_SIGN}`")
    assert html.count('role="img" aria-label="put together by a machine"') == 1


def test_no_stranger_smuggles_markup_in_beside_the_sign():
    html = markdown.render(
        f'[x](https://example.org "{MACHINE_SIGN} onclick=alert(1)") <b>{MACHINE_SIGN}'
    )
    assert "<b>" not in html and 'onclick=alert(1)"' in html and html.count("<span") == 1

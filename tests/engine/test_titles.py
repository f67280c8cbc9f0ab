"""What groups are called."""

import numpy as np
import pytest

from feedback.engine import Corpus
from feedback.engine.describe.keywords import Keywords
from feedback.engine.describe.polish import polish, shortened
from feedback.engine.describe.titles import Titles, _Candidate
from feedback.engine.describe.wording import wording
from feedback.kernel import text as words


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Hi support team, please add a dark theme!!! 😀", "Add a dark theme"),
        ("PLEASE ADD DARK MODE NOW", "Add dark mode"),
        ("youtube please bring back the old layout", "Bring back the old layout"),
        ("i can't watch any video , please fix this asap .", "I can't watch any video"),
        ("It would be great if I could sort my notes by date", "Sort my notes by date"),
        ("Can you let me choose the folder?", "Choose the folder"),
        ("iOS 8 crash", "iOS 8 crash"),
        ("Improve security", "Improve security"),
        ("Show who I know", "Show who I know"),
        ("Add a book, thanks", "Add a book"),
        ("Justify text in the editor", "Justify text in the editor"),
        ("Just-in-time login", "Just-in-time login"),
        ("the new layout but", "The new layout"),
        ("Set and forget", "Set and forget"),
        ("请加密码锁please", "加密码锁"),
        ("您好：希望增加深色模式", "增加深色模式"),
        ("能不能让我们把字号调大？", "把字号调大"),
        ("thanks!!", ""),
        ("🙂", ""),
    ],
)
def test_a_clause_becomes_a_title(said, title) -> None:
    assert polish(said, ["YouTube"]) == title


def test_a_title_that_is_too_long_is_cut_at_a_word() -> None:
    cut = shortened("word " * 60)
    assert len(cut) <= 90
    assert cut.endswith("word…")


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Video won't play", "When I try to update my banner"),
        ("Add a sleep timer", "Fix it now you stupid idiots"),
        ("Export to PDF", "It is missing"),
        ("增加深色模式", "因为太亮了"),
        ("Search finds nothing", "I love my phone and I told you guys so"),
    ],
)
def test_what_reads_well_is_worth_more(better, worse) -> None:
    assert wording(better, words.tokens(better)) > wording(worse, words.tokens(worse))


def worth(text, **more) -> float:
    return wording(text, words.tokens(text), **more)


@pytest.mark.parametrize("name", ["Video speed", "A refund", "Sub box list", "对账单图标"])
def test_a_name_of_a_thing_says_not_what_is_wrong_with_it(name) -> None:
    assert (
        worth(name) < worth(f"{name}不见了" if name == "对账单图标" else f"No {name.lower()}") - 0.3
    )


@pytest.mark.parametrize("said", ["Cancel a transaction", "Terminal suggest fails", "中文乱码"])
def test_what_has_a_verb_is_no_name(said) -> None:
    assert worth(said) >= 0


def test_what_was_asked_for_is_no_name_and_other_languages_are_not_judged() -> None:
    assert worth("Exchange currencies", is_wish=True) > worth("Exchange currencies")
    assert worth("A refund", is_wish=True) == worth("A refund")
    assert worth("Se queda pegado", language="es") > worth("Se queda pegado")


def titles_of(texts, groups, leads=(), **more) -> list:
    corpus = Corpus(
        [f"p{row}" for row in range(len(texts))],
        np.ones((len(texts), 2), np.float32),
        texts,
        leads=leads,
    )
    titles = Titles(corpus, Keywords(corpus), **more)
    return [
        titles.of(np.array(rows), np.ones(len(rows), np.float32), Keywords(corpus).of(rows))
        for rows in groups
    ]


def test_the_title_says_what_the_posts_share_and_not_what_one_adds() -> None:
    texts = [
        "fix it now",
        "dark mode for my grandmother",
        "please add dark mode",
        "dark mode at night",
    ]
    (title,) = titles_of([*texts, "crash", "the map"], [[0, 1, 2, 3]])
    assert title.text == "Add dark mode"
    assert title.row == 2


def test_no_two_groups_are_called_the_same() -> None:
    texts = ["Video won't play", "video won't play", "Video won't play", "canada video won't play"]
    first, second = titles_of([*texts, "ad", "map"], [[0, 1], [2, 3]])
    assert first.text == "Video won't play"
    assert words.fold(second.text) != words.fold(first.text)


def test_a_group_in_two_languages_has_a_title_in_each() -> None:
    texts = [
        "Please add dark mode",
        "dark mode",
        "Dark mode at night",
        "希望增加深色模式",
        "增加深色模式吧",
    ]
    (title,) = titles_of([*texts, "crash", "the map"], [[0, 1, 2, 3, 4]])
    assert title.text in ("Add dark mode", "Dark mode", "Dark mode at night")
    assert title.others == {"zh": "增加深色模式"}


def test_the_lead_of_a_post_lends_the_title() -> None:
    talk = "My sister is a vet. We share a garden. No code arrives when I sign in."
    leads = ["No code arrives when I sign in.", "", ""]
    (title,) = titles_of(
        [talk, "The code for signing in never comes", "x y"], [[0, 1]], leads=leads
    )
    assert "sister" not in title.text
    assert "code" in title.text


@pytest.mark.parametrize(
    ("gist", "is_taken"),
    [("a b c", True), ("a b c d e", True), ("a b d e", False), ("x", False), ("b c d", True)],
)
def test_a_title_with_most_words_of_another_is_taken(gist, is_taken) -> None:
    corpus = Corpus([1], np.ones((1, 2), np.float32), ["words"])
    titles = Titles(corpus, Keywords(corpus))
    for text in ("a b c d", "a f g", "a h i", "b j k", "d l m"):
        titles._take(_Candidate(text, 0, 1.0, frozenset(text.split())))
    one = _Candidate(f"said otherwise: {gist}", 0, 1.0, frozenset(gist.split()))
    assert titles._is_taken(one) == is_taken

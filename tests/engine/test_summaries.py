"""Two sentences of an ask's own posts."""

import numpy as np
import pytest

from feedback.engine import Corpus, Keywords, Quote, Summaries
from feedback.engine.describe.summaries import sentences


def summary(texts, *, title="", scores=None, titles=(), ids=None):
    """Summarise one ask of these texts, on a board of nothing else but a few strangers."""
    strangers = ["The mascot should wear a hat.", "吉祥物应该戴一顶帽子。"]
    every = [*texts, *strangers]
    ids = [*(ids or [f"p{number}" for number in range(len(texts))]), "s1", "s2"]
    corpus = Corpus(
        ids,
        np.ones((len(every), 4), dtype=np.float32),
        every,
        titles=[*titles, "", ""] if titles else (),
    )
    rows = list(range(len(texts)))
    return Summaries(corpus, Keywords(corpus)).of(
        rows, scores if scores is not None else [0.5] * len(texts), title=title
    )


DARK = [
    "Please add a dark mode for reading at night. I read a lot in bed.",
    "The white screen hurts my eyes at night, a dark theme would help.",
    "I want a dark theme that follows the system setting. Thanks!",
    "Dark mode please, the bright screen at night is painful for my eyes.",
]


def test_a_summary_is_two_sentences_of_two_posts():
    first, second = summary(DARK, title="Dark mode")
    assert first.post != second.post
    for quote in (first, second):
        assert quote.sentence in DARK[int(quote.post[1:])]


def test_it_does_not_repeat_the_title_or_itself():
    texts = ["Add a dark mode to the app.", "Add a dark mode to the app!", *DARK]
    quotes = summary(texts, title="Add a dark mode to the app")
    assert all("to the app" not in quote.sentence for quote in quotes)
    assert len({quote.sentence for quote in quotes}) == len(quotes)


@pytest.mark.parametrize(
    "private",
    [
        "Write to me at jo.doe@example.org about the dark theme at night.",
        "See https://example.org/dark for a dark theme that is good at night.",
        "Call me on +49 170 123 4567 when the dark theme for the night is there.",
        "@maria_d wants the dark theme at night just as I do.",
        "The dark theme of www.example.com is what I want at night.",
    ],
)
def test_what_names_a_person_or_an_address_is_not_quoted(private):
    quotes = summary([private, *DARK], scores=[0.6, 0.5, 0.5, 0.5, 0.5])
    assert quotes
    assert all(quote.post != "p0" for quote in quotes)


def test_thanks_are_not_quoted():
    assert summary(["Thanks a lot for this great app!", "Great app, thank you very much!"]) == ()


def test_chinese_posts_are_summarised_in_chinese_and_the_main_language_wins():
    texts = [
        "希望增加深色模式。晚上看屏幕太刺眼了，眼睛很累。",
        "请增加深色模式，晚上屏幕太亮，看久了眼睛疼！",
        "深色模式什么时候能有？每天晚上在床上看，白色背景太刺眼。",
        "Please add a dark mode for reading at night.",
    ]
    quotes = summary(texts, title="深色模式")
    assert len(quotes) == 2
    assert all(quote.post != "p3" for quote in quotes)
    assert all(quote.sentence.endswith(("。", "！", "？")) for quote in quotes)


def test_the_same_posts_in_any_order_give_the_same_summary():
    ids = [f"p{number}" for number in range(len(DARK))]
    forth = summary(DARK, ids=ids)
    back = summary(DARK[::-1], ids=ids[::-1])
    assert forth == back
    assert all(isinstance(quote, Quote) for quote in forth)


def test_a_post_at_the_fringe_does_not_speak_for_the_ask():
    texts = [*DARK, "My battery at night lasts only two hours with the screen on."]
    quotes = summary(texts, scores=[0.6, 0.6, 0.6, 0.6, 0.2])
    assert all(quote.post != "p4" for quote in quotes)


def test_nothing_fit_to_quote_gives_no_summary():
    assert summary(["Dark mode", "dark mode?", "Dark!"]) == ()
    assert summary([""]) == ()


def test_sentences_end_where_people_end_them():
    text = (
        "# Steps\n1. Open e.g. the settings. 2nd step is v. 5.0.1 only! Then?\n"
        "- **Nothing** happens\n```\nlog line. more.\n```\n很慢。为什么？请修复！谢谢"
    )
    assert list(sentences(text)) == [
        "Steps",
        "Open e.g. the settings.",
        "2nd step is v. 5.0.1 only!",
        "Then?",
        "Nothing happens",
        "很慢。",
        "为什么？",
        "请修复！",
        "谢谢",
    ]

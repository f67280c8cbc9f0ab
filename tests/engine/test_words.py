"""Sentences that lead, mood set aside, and which way wishes point; vectors are made up, words are real."""

import numpy as np
import pytest

from feedback.engine import Corpus, Grouper
from feedback.engine.words.aside import set_aside, telling_words
from feedback.engine.words.clauses import clauses, sentences
from feedback.engine.words.lead import Refrains, leads
from feedback.engine.words.opposites import less_of, tell_apart
from feedback.engine.words.reading import read_posts
from feedback.engine.words.speech import KINDS, Speech, digest_of_lessons, examples, lessons
from feedback.engine.words.stance import directed, opposites

ASKS = {"Please add a dark mode.": 2.0, "请支持导出CSV": 1.5, "The app crashes": 1.8}


def judge(said):
    """A judge that knows three sentences that ask; everything else is small talk."""
    return np.array([ASKS.get(one, -1.0) for one in said])


def one_hot(kind: str) -> np.ndarray:
    return np.eye(len(KINDS), dtype=np.float32)[KINDS.index(kind)]


@pytest.fixture(scope="module")
def speech() -> Speech:
    """A judgement learned from vectors that name the kind of each example, and the sign of each opposite."""
    width = len(KINDS) + 2
    rows = np.zeros((len(lessons()), width), dtype=np.float32)
    for row, (kind, _) in enumerate(examples()):
        rows[row, KINDS.index(kind)] = 1.0
    for row, (_, sign) in enumerate(opposites(), len(examples())):
        rows[row, len(KINDS) + (sign < 0)] = 1.0
    return Speech.learn(rows)


def test_a_post_is_cut_at_sentences_turns_and_long_commas() -> None:
    assert clauses("I like it, but please add a timer. See v. 2.3!") == [
        "I like it",
        "please add a timer.",
        "See v. 2.3!",
    ]
    assert clauses("打开相机就闪退，重启手机也没有用，希望你们能够尽快修复") == [
        "打开相机就闪退",
        "重启手机也没有用",
        "希望你们能够尽快修复",
    ]
    assert list(sentences("# Title\n```\nlog line\n```\n- **bold** point")) == [
        "Title",
        "bold point",
    ]
    assert clauses("🙂 !!! …") == []


def test_the_number_of_a_list_goes_and_that_of_a_version_stays() -> None:
    listed = [
        "1. Add a timer",
        "1.Add a timer",
        "2) Add a timer",
        "3、增加深色模式",
        "4. 2FA login",
    ]
    assert [list(sentences(one)) for one in listed] == [
        ["Add a timer"],
        ["Add a timer"],
        ["Add a timer"],
        ["增加深色模式"],
        ["2FA login"],
    ]
    assert list(sentences("2.x crashes")) == ["2.x crashes"]
    assert list(sentences("3.js is slow")) == ["3.js is slow"]


def test_the_sentence_that_asks_leads_wherever_it_stands() -> None:
    talk = "I travel a lot. My phone is old. We like the colours. Please add a dark mode."
    found = leads([("", talk), ("", "One thing only")], judge)
    assert found[0] is not None
    assert found[0].text == "Please add a dark mode."
    assert found[1] is None


def test_a_short_post_keeps_its_context() -> None:
    def mild(said):
        return np.array([ASKS.get(one, -0.3) for one in said])

    (found,) = leads([("", "It is dark at night. Please add a dark mode.")], mild)
    assert found is not None
    assert found.sentences == ("It is dark at night.", "Please add a dark mode.")


def test_what_a_board_keeps_saying_weighs_nothing() -> None:
    wishes = ["Export to CSV", "A widget", "More fonts", "Undo", "Offline maps", "A timer"]
    posts = [
        f"Hi support team,\n\n{wish}\n\nDevice: Pixel {n}\nRegards" for n, wish in enumerate(wishes)
    ]
    refrains = Refrains.learn(posts)
    assert refrains.is_form("Hi support team!")
    assert refrains.is_form("Device: Pixel 77")
    assert not refrains.is_form("A widget")
    found = leads([("", post) for post in posts], lambda said: np.zeros(len(said)), refrains)
    assert [one.text for one in found if one] == [f"{wish}." for wish in wishes]


def test_a_wish_that_many_repeat_alone_is_no_refrain() -> None:
    refrains = Refrains.learn(["Please add a dark mode."] * 20)
    assert not refrains.is_form("Please add a dark mode.")
    assert refrains.cost("Please add a dark mode.") == 0.0


def test_a_vector_is_led_by_the_wish_and_short_posts_are_read_once() -> None:
    asked: list[str] = []

    def encode(texts):
        asked.extend(texts)
        return np.array(
            [[1.0, 0.0] if len(text) < 40 else [0.0, 1.0] for text in texts], np.float32
        )

    talk = "I travel a lot for work. My phone is rather old. We like it. Please add a dark mode."
    found = read_posts([("", talk), ("Dark mode", "please"), ("", "short")], encode, judge)
    assert found.leads[0] == "Please add a dark mode."
    np.testing.assert_allclose(
        found.vectors[0], np.array([0.6, 0.4]) / np.hypot(0.6, 0.4), atol=1e-6
    )
    assert asked == ["Please add a dark mode.", "Dark mode\nplease", "short", talk]


def test_a_title_that_tells_something_weighs_as_much_as_a_long_body() -> None:
    def encode(texts):
        return np.array([[1.0, 0.0] if text == "Dark mode" else [0.0, 1.0] for text in texts])

    body = "One more sentence of a long story. " * 12
    told, vague = read_posts([("Dark mode", body), ("Please fix", body)], encode, judge).vectors
    np.testing.assert_allclose(told, [0.5**0.5, 0.5**0.5], atol=1e-6)
    np.testing.assert_allclose(vague, [0.0, 1.0], atol=1e-6)


@pytest.mark.parametrize("name", ["use3.p3m2", "use3+e5s4bit.p3m2", "use3+e5s4bit+minilm6.p3m2"])
def test_what_ships_was_learned_from_the_sentences_that_ship(name) -> None:
    from importlib.resources import files  # read beside the package that ships it

    kept = files("feedback.engine.words") / "learned" / f"{name}.npz"
    with kept.open("rb") as file, np.load(file) as found:
        assert str(found["examples"]) == digest_of_lessons(), (
            "run `python -m benchmarks.learn_speech`"
        )
    assert Speech.shipped(name) is not None
    assert Speech.shipped("unknown.p1") is None


def test_an_encoder_that_knows_no_meaning_is_found_out(speech) -> None:
    noise = np.random.default_rng(0).normal(size=(len(lessons()), 32)).astype(np.float32)
    assert Speech.learn(noise).sure < 0.7
    assert speech.sure > 0.99


def test_mood_and_praise_are_set_aside_and_keep_no_wish(speech) -> None:
    width = len(KINDS) + 2
    rows = np.zeros((5, width), dtype=np.float32)
    texts = [
        "bad very bad",
        "love it!",
        "dark mode",
        "bad, it loses photos, albums, captions, tags and dates",
        "it's ok",
    ]
    for row, kind in enumerate(["mood", "praise", "wish", "mood", "talk"]):
        rows[row, KINDS.index(kind)] = 1.0
    assert set_aside(texts, rows, speech) == ["mood", "praise", "", "", ""]
    assert set_aside([], rows[:0], speech) == []


def test_the_products_name_tells_nothing() -> None:
    assert telling_words("YouTube sucks!", {"youtube"}) == set()
    assert telling_words("YouTube crashes", {"youtube"}) == {"crashes"}
    assert telling_words("垃圾软件，闪退") == {"闪退"}


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Add a dark theme", 1),
        ("Get rid of night mode", -1),
        ("Don't remove the forum", 1),
        ("Please do not bring back the old editor", -1),
        ("Let me turn off the sounds", -1),
        ("Make the sidebar wider", 1),
        ("The sidebar is too wide", -1),
        ("The icons are too small", 1),
        ("请不要取消实体按键", 1),
        ("字体太大了", -1),
        ("默认关闭自动更新", -1),
        ("Quiten los anuncios", -1),
        ("It does not work", 0),
        ("I can't turn off the alarm", 0),
        ("I want to close my account", 0),
        ("No more ads", -1),
        ("Ads no longer, please", -1),
    ],
)
def test_words_direct_to_more_or_to_less(text, way) -> None:
    assert directed(text) == way


def test_a_group_of_opposites_falls_in_two_and_names_the_pair() -> None:
    texts = [
        "Please add dark mode",
        "A dark theme please",
        "Remove the dark theme",
        "Get rid of night mode",
    ]
    labels = np.zeros(4, dtype=np.int64)
    pointing = np.array([0.8, 0.4, -0.5, -0.4])
    apart = tell_apart(labels, texts, pointing, np.zeros(4, dtype=bool))
    assert apart.labels.tolist() == [0, 0, 1, 1]
    assert apart.pairs == [(0, 1)]
    held = tell_apart(labels, texts, pointing, np.array([True, False, True, False]))
    assert held.labels.tolist() == [0, 0, 0, 0]


def test_posts_with_the_same_words_are_never_told_apart() -> None:
    way = np.zeros((3, len(KINDS) + 1))
    way[2, -1] = 2.0
    judged = Speech(way, np.array([1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 0.0]))
    said = {
        "Please add dark mode": 0.4,
        "Add a dark mode": 0.4,
        "Remove dark mode": -0.4,
        "Hide dark mode": -0.4,
        "dark mode!": 0.12,
        "Dark mode": -0.12,
    }
    rows = np.array([[1.0, 0.0, points] for points in said.values()], np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    grouper = Grouper(speech=judged, level=0.5).fit(Corpus(list(range(6)), rows, list(said)))
    assert len(grouper.opposites_) == 1
    assert grouper.keys_[4] == grouper.keys_[5]
    assert grouper.keys_[0] != grouper.keys_[2]


def test_a_group_says_how_clearly_its_posts_ask() -> None:
    way = np.zeros((2, len(KINDS) + 1))
    way[1, KINDS.index("mood")] = 2.0
    judged = Speech(way, np.array([0.4, 0, 0, 0, 0, 0, 0]))
    said = ["Please add dark mode", "Add a dark mode", "you fools", "you greedy fools"]
    rows = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]], np.float32)
    grouper = Grouper(speech=judged, level=0.5).fit(Corpus(list(range(4)), rows, said))
    wish, mood = (grouper.groups_[grouper.labels_[at]] for at in (0, 2))
    assert (wish.asking, mood.asking) == (0.4, -1.6)
    unjudged = Grouper(level=0.5).fit(Corpus(list(range(4)), rows, said))
    assert {one.asking for one in unjudged.groups_} == {0.0}


def test_complaints_and_wishes_of_one_way_stay_whole() -> None:
    nowhere = np.array([0.1, -0.1, 0.05, -0.3])
    words = np.zeros(4, dtype=np.int64)
    assert not less_of(nowhere, words).any()
    assert not less_of(np.array([0.9, 0.4, 0.1]), np.array([1, 1, 0])).any()
    # One stray word among many that direct nowhere splits nothing.
    assert not less_of(np.array([0.9, -0.9, 0, 0, 0, 0]), np.array([1, -1, 0, 0, 0, 0])).any()

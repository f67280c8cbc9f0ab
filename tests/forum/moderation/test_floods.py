"""Floods of comments by new accounts, of which none repeats another word for word: known by what they mean."""

import datetime as dt

import pytest

from feedback.forum.models import Case, SaidWords
from feedback.forum.moderation.holding import judging

pytestmark = pytest.mark.django_db

FLOOD = [
    "The team of this product never listens, everybody should leave this forum now",
    "Everybody should leave this forum now, the team of this product never listens",
    "This product never listens, the team should leave. Everybody of this forum now",
]
FLOOD_ZH = [
    "这个产品的团队从来不听用户的意见，大家现在都应该离开这个论坛",
    "大家现在都应该离开这个论坛，这个产品的团队从来不听用户的意见",
    "从来不听用户的意见，这个产品的团队，大家都应该现在离开这个论坛",
]
#: What many say, each in nearly the same words, and mean it.
POLITE = [
    "+1", "me too", "Thanks!", "同求", "Same problem here, please fix it soon",
    "Thank you very much for your help with this", "同求，真的很需要这个功能，希望下版能加上",
]  # fmt: skip


def by_letters(words, board, kept):
    """Words of the same letters mean the same."""
    meaning = "".join(sorted(filter(str.isalnum, words.lower()))).encode()
    said = [place for place, one in enumerate(kept) if one == meaning]
    return judging.Alike(said=said, meaning=meaning)


@pytest.fixture
def meant(monkeypatch):
    """Have a machine know what words mean."""
    monkeypatch.setattr(judging, "_likeness", [by_letters])


@pytest.fixture
def say(person, client_of):
    """Have a new account comment: ``say("P1", post, words)``; return what it is held for."""

    def say(author, post, words):
        author = person(author) if isinstance(author, str) else author
        client_of(author).post(f"/posts/{post.public_id}/comments/", {"body": words})
        case = Case.objects.filter(comment__author=author, comment__post=post).last()
        return case.held_for if case is not None else []

    return say


@pytest.mark.parametrize("flood", [FLOOD, FLOOD_ZH])
def test_the_third_account_that_means_the_same_waits(meant, bo, publish, say, flood):
    posts = [publish(bo, f"A wish {number}") for number in range(3)]
    held = [
        say(f"P{n}", post, words) for n, (post, words) in enumerate(zip(posts, flood, strict=True))
    ]
    assert held == [[], [], ["LIKE"]]


def test_a_comment_is_compared_with_posts_too(meant, bo, person, board, client_of, publish, say):
    for number in range(2):
        words = {"board": board.slug, "kind": "SUGGESTION", "title": FLOOD[number], "body": ""}
        client_of(person(f"P{number}")).post("/posts/new/", words)
    assert say("P9", publish(bo), FLOOD[2]) == ["LIKE"]


@pytest.mark.parametrize("words", POLITE)
def test_a_short_comment_is_never_compared(meant, bo, publish, say, words):
    post = publish(bo)
    turned = [words, f"{words}.", f"{words} !"]
    assert [say(f"P{n}", post, one) for n, one in enumerate(turned)][2] != ["LIKE"]
    assert not SaidWords.objects.exclude(meaning=None).exists()


def test_one_person_who_says_it_again_is_no_flood(meant, ann, bo, publish, say):
    posts = [publish(bo, f"A wish {number}") for number in range(3)]
    for post, words in zip(posts, FLOOD, strict=True):
        assert say(ann, post, words) == []


def test_what_was_meant_long_ago_and_by_who_is_known_counts_for_nothing(
    meant, bo, person, publish, say, frozen
):
    posts = [publish(bo, f"A wish {number}") for number in range(3)]
    say("P1", posts[0], FLOOD[0])
    frozen.shift(judging.FLOOD + dt.timedelta(minutes=1))
    say("P2", posts[1], FLOOD[1])
    assert say("P3", posts[2], FLOOD[2]) == []


def test_a_machine_that_is_away_holds_no_comment_and_keeps_nothing(bo, publish, say, monkeypatch):
    monkeypatch.setattr(judging, "_likeness", [lambda *_: judging.Alike()])
    posts = [publish(bo, f"A wish {number}") for number in range(3)]
    assert [say(f"P{n}", posts[n], words) for n, words in enumerate(FLOOD)] == [[]] * 3
    assert not SaidWords.objects.exclude(meaning=None).exists()


def test_what_is_meant_is_forgotten_with_the_words(meant, bo, publish, say, now):
    say("P1", publish(bo), FLOOD[0])
    assert SaidWords.objects.exclude(meaning=None).count() == 1
    judging.tidy(now=now + 3 * judging.FLOOD)
    assert not SaidWords.objects.exists()

"""What an advert by a stranger reads like: by its letters alone, and what says how somebody is reached elsewhere."""

from importlib.resources import files

import numpy as np
import pytest

from feedback.engine.verdicts import adverts
from feedback.engine.verdicts.adverts import Advert
from feedback.engine.verdicts.reaching import reaches

READERS = [adverts.LETTERS_ALONE, "use3.p3m2", "use3+e5s4bit.p3m2", "use3+e5s4bit+minilm6.p3m2"]


@pytest.mark.parametrize("name", READERS)
def test_what_ships_was_learned_from_the_examples_that_ship(name):
    kept = files("feedback.engine.verdicts") / "learned" / f"{name}.npz"
    with kept.open("rb") as file, np.load(file) as found:
        assert str(found["examples"]) == adverts.digest_of_examples(), (
            "run `python -m benchmarks.learn_adverts`"
        )
    reader = adverts.shipped(name)
    assert reader is not None and len(reader.weights) > 0 and reader.doubtful < reader.sure


def test_no_reader_ships_for_an_encoder_that_nobody_knows():
    assert adverts.shipped("unknown.p1") is None


@pytest.mark.parametrize(
    ("said", "is_advert"),
    [
        ("Casino bonus\nCasino slots with a no deposit bonus, WhatsApp +44 7700 900123", True),
        ("低息贷款\n无抵押贷款，当天放款，加微信 dk88666", True),
        ("Dark mode\nPlease add a dark mode to the settings", False),
        ("闪退\n更新以后一打开就闪退，请尽快修复", False),
    ],
)
def test_letters_alone_tell_the_plainest(said, is_advert):
    reader = adverts.shipped(adverts.LETTERS_ALONE)
    assert reader is not None
    assert (reader.says(adverts.by_letters(said, links=0)) == Advert.YES) is is_advert


@pytest.mark.parametrize(
    "said",
    [
        "write me on Telegram @cheap_deals",
        "WhatsApp: +44 7700 900123",
        "加微信 dk88666",
        "➕薇 lucky-888x",
        "扣扣 88442211",
        "企鹅群 5550 88123",
        "ＱＱ：１２３４５６７８",
        "call 555-0177-301",
        "me at spam (at) mail (dot) example",
        "t.me/some_channel",
    ],
)
def test_who_says_how_to_be_reached_elsewhere(said):
    assert reaches(said)


@pytest.mark.parametrize(
    "said",
    [
        "Sign in with Telegram does not work",
        "希望可以用微信登录，也可以分享到QQ空间",
        "WhatsApp shares open twice since 5.2.1",
        "It took 12 345 steps and 3 000 points",
        "Version 10.15.7 crashes, build 20261130",
        "Follow @heed for news",
    ],
)
def test_who_speaks_of_messengers_and_numbers_reaches_nobody(said):
    assert not reaches(said)


@pytest.mark.parametrize("run", ["a", "a.", "+1", "1", "tg me ", "a@"])
def test_a_long_text_of_one_run_is_read_once_and_not_from_each_letter(run):
    """It would take half a minute."""
    assert not reaches(run * (20_000 // len(run)))

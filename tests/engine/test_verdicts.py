"""Learning from what was removed and what stood."""

import random

import numpy as np

from feedback.engine.verdicts.features import SIZE, Circumstances, places, score
from feedback.engine.verdicts.learning import FEWEST_REMOVED, WRONGLY, learn

_WISHES = [
    "dark mode",
    "offline maps",
    "export to csv",
    "a larger font",
    "夜间模式",
    "导出数据",
    "更大的字体",
]
_WARES = ["cheap watches", "casino bonus", "crypto profit", "优惠券代购", "刷单兼职", "高仿手表"]


def said(number, *, sells):
    pick = random.Random(number)
    if sells:
        ware = pick.choice(_WARES)
        words = f"{ware} {pick.choice(['best price', 'call now', '加微信', 'click here'])} {pick.randrange(10**6)}"
        return words, Circumstances(links=pick.randrange(3), minutes_here=pick.randrange(90))
    words = f"I would like {pick.choice(_WISHES)} in version {pick.randrange(40)}, {pick.choice(['please', 'thanks', '谢谢'])}"
    return words, Circumstances(minutes_here=pick.randrange(100_000))


REMOVED = [said(number, sells=True) for number in range(60)]
STOOD = [said(number, sells=False) for number in range(400)]


def test_what_is_like_the_removed_is_held_and_what_stands_is_not():
    learned = learn(REMOVED, STOOD)
    assert learned.caught > 0.9
    held = [
        score(*said(number, sells=True), learned.weights) >= learned.threshold
        for number in range(500, 540)
    ]
    wrongly = [
        score(*said(number, sells=False), learned.weights) >= learned.threshold
        for number in range(500, 900)
    ]
    assert sum(held) >= 36
    assert sum(wrongly) <= 400 * WRONGLY


def test_few_verdicts_and_verdicts_without_a_pattern_teach_nothing():
    assert learn(REMOVED[: FEWEST_REMOVED - 1], STOOD) is None
    assert learn(STOOD[:100], STOOD[100:]) is None


def test_a_text_of_any_length_and_script_has_places_in_range():
    for text in ("", " ", "a", "夜", "\u202e\u200b", "x" * 1_000_000, "Ａｂｃ"):
        where = places(text, Circumstances())
        assert where.dtype == np.int64
        assert ((where >= 0) & (where < SIZE)).all()
    assert (
        places("Ｃasino  BONUS", Circumstances()) == places("casino bonus", Circumstances())
    ).all()

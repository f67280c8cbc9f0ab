"""What comparing comments by meaning comes to: how many of a flood wait, and how many honest comments do.

    python -m benchmarks.floods

Plays a day on which everybody is new here. Texts of the samples and of ``benchmarks/adverts`` that are no adverts are honest comments, each
by an account of its own, up to five thousand reviews of one product on one day. A flood is one text that five accounts word anew: its sentences in another order, other numbers,
another opening and ending, as programs do. Counted is what waits because others said the same: by letters alone, as while the
encoder is away, and by letters and meaning. That they may read like adverts is left out. Without a server.
"""

import csv
import gzip
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import django
import numpy as np
import numpy.typing as npt

from benchmarks.large_site import SAMPLE
from benchmarks.learn_adverts import HELD_OUT
from benchmarks.raid import worded_anew
from feedback.encoder.models.registry import load_encoder

_ACCOUNTS = 5
_REPORTS = Path(__file__).parents[1] / "feedback/sample/data/vscode/reports.jsonl.gz"
_OPENINGS = {
    "en": ["", "Hi! ", "Look. ", "Dear all. ", "Note: "],
    "zh": ["", "大家好，", "请看：", "朋友们，", "顺便说一下，"],
}
_ENDINGS = {
    "en": ["", " Thanks.", " Really.", " Just saying.", " Bye."],
    "zh": ["", "谢谢。", "真的。", "说一声。", "再见。"],
}
#: Of a hundred honest comments so many may wait.
HONEST_HELD = 1.0


def honest(rng: random.Random) -> dict[str, list[str]]:
    """Return honest comments by where they come from."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        reviews = [row["body"] for row in csv.DictReader(file)]
    with gzip.open(_REPORTS, "rt", encoding="utf-8") as file:
        titles = [json.loads(line)["title"] for line in file]
    hard = [one["body"] for one in _held_out() if not one["advert"]]
    for texts in (reviews, titles, hard):
        rng.shuffle(texts)
    return {
        "500 reviews": reviews[:500],
        f"{len(reviews):,} reviews": reviews,
        f"{len(titles):,} titles of reports": titles,
        f"{len(hard)} that are nearly adverts": hard,
    }


def floods(rng: random.Random) -> list[str]:
    """Return what accounts say who say one thing in their own words: `_ACCOUNTS` after another of each."""
    said = []
    for one in _held_out():
        tongue = "zh" if one["lang"] == "zh" else "en"
        ways = zip(
            rng.sample(_OPENINGS[tongue], _ACCOUNTS),
            rng.sample(_ENDINGS[tongue], _ACCOUNTS),
            strict=True,
        )
        said += [f"{before}{worded_anew(one['body'], rng)}{after}" for before, after in ways]
    return said


def _held_out() -> list[dict[str, str]]:
    with HELD_OUT.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def waits(texts: Sequence[str], rows: npt.NDArray[np.float32]) -> tuple[float, float]:
    """Return how many of a hundred of ``texts``, in their order, wait by letters and by letters and meaning; ``rows`` (n, d) are their vectors."""
    from feedback.forum.moderation.holding import judging
    from feedback.forum.moderation.holding.spelling import skeleton
    from feedback.grouping.similar.flood import SAID_ANEW

    letters = [skeleton(one) for one in texts]
    before: dict[str, int] = {}
    same = np.zeros(len(texts), dtype=bool)
    for at, one in enumerate(letters):
        enough = 1 if len(one) >= judging.LONG else judging.FEW
        same[at] = bool(one) and before.get(one, 0) >= enough
        before[one] = before.get(one, 0) + 1
    much = np.array([judging.says_much(one, is_comment=True) for one in texts])
    alike = np.zeros(len(texts), dtype=bool)
    for at in np.flatnonzero(much).tolist():
        earlier = np.flatnonzero(much[:at])[-judging.LATELY :]
        near = rows[earlier] @ rows[at] >= SAID_ANEW
        alike[at] = near.sum() >= judging.FEW // 2
    return 100 * float(same.mean()), 100 * float((same | alike).mean())


def main() -> int:
    """Play it and print the counts; return 1 when too many honest comments wait."""
    django.setup()
    encoder, rng = load_encoder("use"), random.Random(1)
    worst = 0.0
    for name, texts in {**honest(rng), "of floods": floods(rng)}.items():
        rows = np.asarray(encoder.encode(texts), dtype=np.float32)
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        by_letters, by_meaning = waits(texts, rows)
        print(
            f"{name:<28}{len(texts):>6,}   by letters {by_letters:5.2f} %   and meaning {by_meaning:5.2f} %"
        )
        worst = worst if name == "of floods" else max(worst, by_meaning - by_letters)
    print(f"Held by meaning of honest comments: {worst:.2f} % (goal {HONEST_HELD})")
    return int(worst > HONEST_HELD)


if __name__ == "__main__":
    sys.exit(main())

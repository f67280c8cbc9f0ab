"""Measure what is read of words: late wishes, opposites, mood and praise, titles, and placing a tenth held out.

    python -m benchmarks.words [--encoder NAME]

Judged files lie beside this file, labelled boards in HEED_BENCH_DATA. Halves are by a hash of the labels' names: the first was
looked at while choosing, the second was not. Prints, and writes the same as JSON to var/benchmarks/words.json.
"""

import argparse
import csv
import json
import sys
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import reading
from benchmarks.boards import KEPT, LABELLED, Board, data_file, load, say
from feedback.encoder.models.registry import DEFAULT, describe
from feedback.engine import Corpus, Grouper, Placer, Speech
from feedback.engine.stats.quality import quality

JUDGED = Path(__file__).parent / "judged"
BOARDS = (*LABELLED, "bq_groups", "forum_zh")
SEEDS = 3


def late_wishes(board: Board, speech: Speech) -> dict[str, Any]:
    """Return the quality of the groups of posts whose wish comes late, by whether they were seen."""
    found = {}
    for name in ("seen", "unseen"):
        rows = [row for row, i in enumerate(board.corpus.ids) if str(i).startswith(f"{name}-")]
        labels = [board.labels[row] for row in rows]
        fitted = Grouper(speech=speech).fit(board.corpus.take(rows))
        found[name] = quality(labels, fitted.labels_).as_dict()["ari"]
    return found


def opposites(board: Board, speech: Speech) -> dict[str, str]:
    """Return how many pairs of opposites share no group, by whether they were seen."""
    found = {}
    for name in ("seen", "unseen"):
        rows = [row for row, i in enumerate(board.corpus.ids) if str(i).startswith(f"{name}-")]
        grouped = Grouper(speech=speech).fit(board.corpus.take(rows)).labels_
        homes: dict[str, set[int]] = {}
        for row, label in zip(rows, grouped.tolist(), strict=True):
            homes.setdefault(board.labels[row], set()).add(label)
        pairs = sorted({label[:-1] for label in homes})
        apart = sum(not homes[f"{pair}+"] & homes[f"{pair}-"] for pair in pairs)
        found[name] = f"{apart} of {len(pairs)}"
    return found


def set_aside(corpus: Corpus, speech: Speech) -> dict[str, float]:
    """Return the share of mood and praise among judged posts in asks, and of wishes that were set aside."""
    with (JUDGED / "youtube_reviews_kinds.csv").open(encoding="utf-8") as file:
        judged = {row["id"]: row["kind"] for row in csv.DictReader(file)}
    found = {}
    for name, one in (("before", None), ("after", speech)):
        fitted = Grouper(speech=one, names=["YouTube"]).fit(corpus)
        in_asks = {
            i
            for group in fitted.groups_
            if len(group) > 1 and not group.boilerplate
            for i in group.members
        }
        kinds = dict(zip(corpus.ids, fitted.kinds_, strict=True))
        inside = [kind for i, kind in judged.items() if i in in_asks and not kinds[i]]
        wishes = [bool(kinds[i]) for i, kind in judged.items() if kind == "asks"]
        found[f"mood_inside_{name}"] = round(
            float(np.mean([kind in ("mood", "praise") for kind in inside])), 4
        )
        found[f"wishes_aside_{name}"] = round(float(np.mean(wishes)), 4)
    return found


def half_of(board: Board, half: int) -> tuple[Corpus, list[str]]:
    """Return the posts and labels of one half of the labels."""
    rows = [row for row, label in enumerate(board.labels) if zlib.crc32(label.encode()) % 2 == half]
    return board.corpus.take(rows), [board.labels[row] for row in rows]


def placed(corpus: Corpus, labels: list[str], speech: Speech) -> dict[str, float]:
    """Hold out a tenth, place it: the share that is right, and the share placed of those with company."""
    right: list[bool] = []
    company: list[bool] = []
    for seed in range(SEEDS):
        order = np.random.default_rng(seed).permutation(len(corpus))
        held, kept = np.sort(order[: len(corpus) // 10]), np.sort(order[len(corpus) // 10 :])
        board = corpus.take(kept)
        fitted = Grouper(speech=speech).fit(board)
        label_of = dict(zip(board.ids, [labels[row] for row in kept], strict=True))
        means = {
            group.key: Counter(label_of[i] for i in group.members).most_common(1)[0][0]
            for group in fitted.groups_
            if len(group) > 1
        }
        homes = {i: key if key in means else None for i, key in fitted.keys_.items()}
        placer = Placer(
            board, homes, threshold=fitted.threshold_, space=fitted.space_, speech=speech
        )
        for row, one in zip(held.tolist(), placer.place(corpus.take(held)), strict=True):
            if one.key is not None:
                right.append(means[one.key] == labels[row])
            if labels[row] in means.values():
                company.append(one.key is not None)
    return {"right": round(float(np.mean(right)), 4), "placed": round(float(np.mean(company)), 4)}


def main() -> int:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--encoder", default=DEFAULT)
    options = parser.parse_args()
    speech = Speech.shipped(describe(options.encoder).model_key)
    if speech is None:
        sys.stderr.write(f"No weights ship for {options.encoder}; see benchmarks.learn_speech.\n")
        return 1
    report: dict[str, Any] = {
        "late_wishes": late_wishes(load(JUDGED / "late_wishes.jsonl", options.encoder), speech),
        "opposites": opposites(load(JUDGED / "opposites.jsonl", options.encoder), speech),
        "set_aside": set_aside(
            load(data_file("youtube_reviews.csv"), options.encoder, label=None).corpus, speech
        ),
    }
    for name in BOARDS:
        board = load(data_file(f"{name}.jsonl"), options.encoder)
        for half in (0, 1):
            say(f"{name}, half {half} ...")
            corpus, labels = half_of(board, half)
            fitted = Grouper(speech=speech).fit(corpus)
            report[f"{name}, half {half}"] = {
                "title_true": round(reading.true_titles(corpus, labels, fitted), 4),
                **placed(corpus, labels, speech),
            }
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / "words.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    for name, found in report.items():
        print(f"{name:28} {json.dumps(found)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

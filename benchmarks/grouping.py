"""Measure the grouping on labelled boards, beside EVoC and BERTopic on the same vectors in the same call.

    python -m benchmarks.grouping [FILE.jsonl ...] [--encoder NAME] [--methods heed evoc] [--quick]

Without files: the five labelled boards of HEED_BENCH_DATA, the pairs and the bug reports beside them. A file of your
own holds posts with ``id``, ``text`` and ``label``. A post that a method calls noise counts as a group of its own, so
that coverage is paid for. The report goes to standard output and, as JSON, to var/benchmarks/grouping.json.
"""

import argparse
import json
import os
import platform
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import parts, people, reading
from benchmarks.boards import KEPT, LABELLED, NARROW, Board, data_file, load, say
from benchmarks.goals import GROUPING, print_verdicts, verdicts
from benchmarks.methods import METHODS, Method, available, noise_alone, versions
from feedback.encoder.models.base import EncoderUnavailable
from feedback.encoder.models.registry import DEFAULT, describe
from feedback.engine import Grouper, recall_at
from feedback.engine.neighbours.nearest import neighbours
from feedback.engine.stats.quality import quality
from feedback.ops.files.posts import BadInput

SEED = 0
MEANS = ("ari", "ami", "b_cubed", "alone_in_company", "left_out", "seconds")


def compare(board: Board, methods: dict[str, Method]) -> dict[str, dict[str, Any]]:
    """Return quality and seconds of every method on ``board``."""
    found = {}
    for name, method in methods.items():
        started, cpu = time.perf_counter(), time.process_time()
        labels = method(board.corpus, SEED)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        row: dict[str, Any] = quality(board.labels, noise_alone(labels)).as_dict()
        row["left_out"] = round(float((labels < 0).mean()), 4)
        row["seconds"], row["cpu_seconds"] = round(seconds, 3), round(cpu, 3)
        found[name] = row
    return found


def measure(board: Board, methods: dict[str, Method], *, quick: bool) -> dict[str, Any]:
    """Return all that is measured on one board."""
    corpus, labels = board.corpus, board.labels
    report: dict[str, Any] = {"posts": len(corpus), "methods": compare(board, methods)}
    grouper = Grouper().fit(corpus)
    vectors = grouper.space_.transform(corpus.vectors, corpus.languages)
    report["recall_at_10"] = round(recall_at(labels, neighbours(vectors, 10)[0]), 4)
    report["title_true"] = round(reading.true_titles(corpus, labels, grouper), 4)
    report["both_languages"] = reading.both_languages(corpus, grouper)
    report["halves"] = parts.halves(labels, grouper.labels_)
    report["fragmentation"] = round(parts.fragmentation(labels, grouper.labels_), 4)
    report["joins"] = parts.proposed_joins(corpus, labels, grouper)
    if quick:
        return report
    say(f"{board.name}: growth and answers ...")
    report["kept_at_5_percent_more"] = round(people.growth(corpus, 1 / 1.05, SEED), 4)
    report["kept_when_doubled"] = round(people.growth(corpus, 0.5, SEED), 4)
    report["kept_locked"] = round(people.locked(corpus, SEED), 4)
    before = quality(labels, grouper.labels_).as_dict()
    report["answers"] = people.answered(corpus, labels, before)
    return report


def means_of(boards: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the means over ``boards``."""
    rows = list(boards.values())
    names = list(rows[0]["methods"])
    means: dict[str, Any] = {
        name: {
            key: round(float(np.mean([row["methods"][name][key] for row in rows])), 4)
            for key in MEANS
        }
        for name in names
    }
    means["fragmentation"] = round(float(np.mean([row["fragmentation"] for row in rows])), 4)
    for key in ("kept_at_5_percent_more", "kept_when_doubled", "kept_locked", "title_true"):
        if all(key in row for row in rows):
            means[key] = round(float(np.mean([row[key] for row in rows])), 4)
    if all("answers" in row for row in rows):
        gains = [row["answers"]["gain"] for row in rows]
        means["answers"] = {
            key: round(float(np.mean([gain[key] for gain in gains])), 4) for key in gains[0]
        }
        means["answers"]["least"] = min(gain["ari"] for gain in gains)
        means["decisions_held"] = min(row["answers"]["decisions_held"] for row in rows)
    return means


def print_board(name: str, board: dict[str, Any]) -> None:
    for method, row in board["methods"].items():
        print(_line(name, method, row))
    said = f"recall@10 {board['recall_at_10']:.3f}, titles true {board['title_true']:.3f}"
    if board["both_languages"] is not None:
        said += f", groups with both languages {board['both_languages']:.3f}"
    print(f"{'':18} {said}")
    print(f"{'':18} fragmentation {board['fragmentation']:.3f}; joins {board['joins']}")
    print(f"{'':18} halves {[list(one.values()) for one in board['halves']]}")
    if "answers" in board:
        one = board["answers"]
        print(
            f"{'':18} kept at +5 % {board['kept_at_5_percent_more']:.4f}, doubled "
            f"{board['kept_when_doubled']:.4f}, locked {board['kept_locked']:.3f}"
        )
        print(
            f"{'':18} after {one['answers']} answers ({one['same']} the same): ARI {one['ari']:.3f} "
            f"({one['gain']['ari']:+.3f}), AMI {one['ami']:.3f} ({one['gain']['ami']:+.3f}), B-cubed "
            f"{one['b_cubed']:.3f} ({one['gain']['b_cubed']:+.3f}); held {one['decisions_held']:.3f}"
        )


def _line(board: str, method: str, row: dict[str, Any]) -> str:
    numbers = " ".join(f"{row[key]:6.3f}" for key in MEANS[:-1])
    return f"{board[:18]:18} {method:9} {numbers} {row['seconds']:7.2f}"


def small_and_mixed(boards: list[Board], encoder: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Measure and print small boards alone and beside the reviews, and large ones beside each other."""
    large = load(data_file("youtube_reviews.csv"), encoder, label=None).corpus
    smalls = {}
    for path in parts.SMALL:
        board = load(path, encoder)
        smalls[board.name] = {
            "alone": parts.small(board, None),
            "beside": parts.small(board, large),
        }
        print(f"{board.name:18} {smalls[board.name]}")
    by_name = {board.name: board for board in boards}
    mixes = {}
    for one, other in (("forum_en", "lcqmc_groups"), ("banking77_test", "bq_groups")):
        mixes[f"{one}+{other}"] = lost = parts.mixed(by_name[one], by_name[other])
        print(f"{one}+{other} loses {lost}")
    return smalls, mixes


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, help="boards of your own (JSONL)")
    parser.add_argument("--encoder", default=DEFAULT)
    parser.add_argument("--methods", nargs="+", choices=[name.lower() for name in METHODS])
    parser.add_argument("--quick", action="store_true", help="no growth, no answers")
    parser.add_argument("--json", type=Path, default=KEPT / "grouping.json")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", module="umap|hdbscan|sklearn|numba|bertopic")
    try:
        report = run(options)
    except (BadInput, EncoderUnavailable) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"\n{options.json}: the same as JSON")
    return 0


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure everything, print it, and return the report."""
    paths = options.files or [data_file(f"{name}.jsonl") for name in (*LABELLED, *NARROW)]
    methods = available(options.methods)
    boards = [load(path, options.encoder) for path in paths]
    for name, method in methods.items():
        say(f"{name}: warming up ...")
        method(boards[0].corpus.take(range(min(300, len(boards[0].corpus)))), SEED)
    report: dict[str, Any] = {
        "encoder": describe(options.encoder).model_key,
        "seed": SEED,
        "python": platform.python_version(),
        "machine": {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 2)},
        "versions": versions(),
        "boards": {},
    }
    print(f"{'board':18} {'method':9}    ARI    AMI     B3  alone    out       s")
    for board in boards:
        report["boards"][board.name] = measured = measure(board, methods, quick=options.quick)
        print_board(board.name, measured)
        sys.stdout.flush()
    report["mean"] = means_of(report["boards"])
    for name in methods:
        print(_line("mean", name, report["mean"][name]))
    if not options.files:
        report["small"], report["mixed"] = small_and_mixed(boards, options.encoder)
        report["pairs_auc"] = round(reading.pairs(options.encoder), 4)
        report["duplicates_recall_at_10"] = round(reading.duplicates(options.encoder), 4)
    report["goals"] = verdicts(report, GROUPING)
    print_verdicts(report["goals"])
    absent = [name for name, (package, _) in METHODS.items() if not versions().get(package, "-")]
    if absent:
        print(f"Not installed, so not measured: {', '.join(absent)} (requirements/bench.txt).")
    print(f"seed {SEED}, {report['encoder']}, load {report['machine']['load']}; versions:")
    print("  " + ", ".join(f"{name} {found}" for name, found in versions().items() if found))
    return report


if __name__ == "__main__":
    sys.exit(main())

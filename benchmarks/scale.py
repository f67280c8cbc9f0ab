"""Measure time and memory of the grouping on a large board, beside EVoC and BERTopic on the same vectors.

    python -m benchmarks.scale [FILE.jsonl.gz] [--encoder fused-minilm] [--methods heed evoc] [--sizes 25000 50000]

Every figure is of a process of its own: its seconds are those of the grouping alone, its peak is all that the process
ever held, the vectors included. Boards of more posts than the file has are copies of it with noise on the vectors and
one word of each text replaced. The report goes to standard output and, as JSON, to var/benchmarks/scale.json.
"""

import argparse
import json
import math
import os
import platform
import resource
import subprocess
import sys
import time
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.boards import KEPT, PROJECT, data_file, say, store_of
from benchmarks.goals import print_verdicts
from benchmarks.methods import METHODS, installed, noise_alone, versions
from feedback.encoder.models.base import EncoderUnavailable
from feedback.encoder.models.registry import DEFAULT, describe
from feedback.engine import Corpus
from feedback.ops.files.posts import BadInput, read_posts
from feedback.ops.files.vectors import corpus_of

SEED = 0
BOARD = "scale_100k.jsonl.gz"
#: Reads the board in minutes. The encoder that Heed comes with takes about an hour for it, the first time.
QUICK = "use"
SMALL = 3_000
SIZES = (25_000, 50_000, 100_000, 200_000, 400_000)
#: Length of the noise that a copy of a vector gets.
NOISE = 0.2
MB = 1024 * 1024 if sys.platform == "darwin" else 1024


def board_of(path: Path, encoder: str, count: int) -> Corpus:
    """Return the first ``count`` posts of ``path``, or as many with noisy copies of them."""
    corpus, _ = corpus_of(read_posts(path), describe(encoder), str(store_of(path, encoder)))
    if count <= len(corpus):
        return corpus.take(range(count)) if count < len(corpus) else corpus
    rng = np.random.default_rng(SEED)
    vectors = np.zeros((count, corpus.vectors.shape[1]), dtype=np.float16)
    texts: list[str] = []
    vocabulary = sorted({word for text in corpus.texts[:2_000] for word in text.split()})
    for start in range(0, count, len(corpus)):
        rows = min(len(corpus), count - start)
        _copy(corpus, vectors[start : start + rows], rng if start else None)
        texts += [
            _reworded(text, vocabulary, rng) if start else text for text in corpus.texts[:rows]
        ]
    copies = -(-count // len(corpus))
    languages = (list(corpus.languages) * copies)[:count]
    views = corpus.views
    return Corpus([f"{at:07d}" for at in range(count)], vectors, texts, (), languages, views)


def _copy(corpus: Corpus, out: np.ndarray, rng: np.random.Generator | None) -> None:
    step = 4_096
    for start in range(0, len(out), step):
        block = np.array(corpus.vectors[start : start + min(step, len(out) - start)], np.float32)
        if rng is not None:
            noise = rng.standard_normal(block.shape, dtype=np.float32)
            # A view that a post lacks stays absent.
            noise[block == 0.0] = 0.0
            block += noise * np.float32(NOISE / math.sqrt(block.shape[1]))
            block /= np.maximum(np.linalg.norm(block, axis=1, keepdims=True), 1e-9)
        out[start : start + len(block)] = block


def _reworded(text: str, vocabulary: list[str], rng: np.random.Generator) -> str:
    cut = text.split()
    if len(cut) < 2:
        return text + vocabulary[int(rng.integers(len(vocabulary)))]
    cut[int(rng.integers(len(cut)))] = vocabulary[int(rng.integers(len(vocabulary)))]
    return " ".join(cut)


def child(options: argparse.Namespace) -> dict[str, Any]:
    """Group once, in this process; return what it took."""
    name = next(name for name in METHODS if name.lower() == options.child)
    method = METHODS[name][1]
    corpus = board_of(options.file, options.encoder, options.posts)
    before = peak()
    if options.posts <= SMALL:
        # Compiling is not grouping; on a large board it does not count.
        method(corpus.take(range(0, len(corpus), 4)), SEED)
    elif name != "Heed":
        import_module(METHODS[name][0])
        method(corpus.take(range(300)), SEED)
    seconds, cpu = time.perf_counter(), time.process_time()
    labels = noise_alone(found := method(corpus, SEED))
    return {
        "method": name,
        "posts": len(corpus),
        "seconds": round(time.perf_counter() - seconds, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "peak_mb": peak(),
        "peak_mb_before": before,
        "groups": len(np.unique(labels)),
        "left_out": round(float((found < 0).mean()), 4),
        "load": round(os.getloadavg()[0], 2),
    }


def peak() -> int:
    """Return the most memory that this process has held, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB)


def run_child(
    path: Path, encoder: str, method: str, posts: int, limit: float
) -> dict[str, Any] | None:
    """Measure in a fresh process; None when it fails or takes longer than ``limit`` seconds."""
    command = [sys.executable, "-m", "benchmarks.scale", str(path), "--encoder", encoder]
    command += ["--child", method.lower(), "--posts", str(posts)]
    say(f"{method}, {posts:,} posts ...")
    try:
        done = subprocess.run(
            command, cwd=PROJECT, stdout=subprocess.PIPE, check=False, timeout=limit
        )
    except subprocess.TimeoutExpired:
        say(f"{method} was stopped after {limit:.0f} s.")
        return None
    if done.returncode:
        say(f"{method} failed with {posts:,} posts (code {done.returncode}).")
        return None
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def encode(path: Path, encoder: str) -> None:
    """Compute the vectors of ``path`` once, in a process of its own, and say how long it takes."""
    if store_of(path, encoder).exists():
        return
    say(f"Encoding {path.name} once with {encoder}; this takes a while (--encoder use: minutes).")
    command = [sys.executable, "-m", "benchmarks.scale", str(path), "--encoder", encoder]
    subprocess.run([*command, "--child", "encode"], cwd=PROJECT, check=True)


def exponent(rows: list[dict[str, Any]], key: str) -> float:
    """Return the b of ``key`` = a n^b, fitted to ``rows`` in logarithms."""
    counts = np.log([row["posts"] for row in rows])
    return float(np.polyfit(counts, np.log([row[key] for row in rows]), 1)[0])


def n_log_n(rows: list[dict[str, Any]]) -> float:
    """Return the exponent that n log n has over the same sizes, fitted alike."""
    alike = [{"posts": row["posts"], "t": row["posts"] * math.log(row["posts"])} for row in rows]
    return exponent(alike, "t")


def goals(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Return floor, aim and verdict of each figure that was measured."""
    by = {(row["method"], row["posts"]): row for row in report["runs"]}
    heed, evoc = by.get(("Heed", report["posts"])), by.get(("EVoC", report["posts"]))
    small, small_evoc = by.get(("Heed", SMALL)), by.get(("EVoC", SMALL))
    rows = []

    def add(name: str, value: float, floor: float, aim: float) -> None:
        verdict = "aim met" if value <= aim else "floor met" if value <= floor else "NOT MET"
        rows.append(
            {"measure": name, "value": value, "floor": floor, "aim": aim, "verdict": verdict}
        )

    if heed:
        add(
            f"seconds, {report['posts']:,} posts",
            heed["seconds"],
            60.0,
            1.5 * evoc["seconds"] if evoc else 60.0,
        )
        add("peak MB, whole process", heed["peak_mb"], 2_048.0, 2_048.0)
    if small:
        add(
            f"seconds, {SMALL:,} posts",
            small["seconds"],
            3.0,
            max(1.0, 2 * small_evoc["seconds"]) if small_evoc else 1.0,
        )
    if "growth" in report:
        shape = report["growth"]
        add(
            "exponent of processor time",
            shape["exponent_cpu"],
            shape["exponent_n_log_n"],
            shape["exponent_n_log_n"],
        )
    return rows


def print_run(row: dict[str, Any]) -> None:
    print(
        f"{row['method']:9} {row['posts']:8,} {row['seconds']:9.2f} {row['cpu_seconds']:9.2f} {row['peak_mb']:8,} "
        f"{row['groups']:8,} {row['left_out']:6.3f} {row['load']:6.2f}"
    )
    sys.stdout.flush()


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Measure everything, print it, and return the report."""
    path = options.file or data_file(BOARD)
    encode(path, options.encoder)
    posts = len(read_posts(path))
    wanted = options.methods or [name.lower() for name in METHODS]
    methods = [
        name
        for name, (package, _) in METHODS.items()
        if installed(package) and name.lower() in wanted
    ]
    report: dict[str, Any] = {
        "encoder": describe(options.encoder).model_key,
        "seed": SEED,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "versions": versions(),
        "posts": posts,
        "runs": [],
    }
    print(
        f"{'method':9} {'posts':>8} {'wall s':>9} {'cpu s':>9} {'peak MB':>8} {'groups':>8} {'out':>6} {'load':>6}"
    )
    for count in (SMALL, posts):
        for method in methods:
            row = run_child(path, options.encoder, method, count, options.limit)
            if row:
                report["runs"].append(row)
                print_run(row)
    shape = [row for row in report["runs"] if row["method"] == "Heed" and row["posts"] == posts]
    for count in [] if options.sizes == [0] else options.sizes:
        if count != posts and "heed" in wanted:
            row = run_child(path, options.encoder, "Heed", count, options.limit)
            if row:
                shape.append(row)
                print_run(row)
    shape.sort(key=lambda row: int(row["posts"]))
    if len(shape) > 2:
        report["growth"] = {
            "runs": shape,
            "exponent_wall": round(exponent(shape, "seconds"), 3),
            "exponent_cpu": round(exponent(shape, "cpu_seconds"), 3),
            "exponent_n_log_n": round(n_log_n(shape), 3),
        }
        fitted = report["growth"]
        print(
            f"Time grows as n^{fitted['exponent_wall']:.2f} (processor time n^{fitted['exponent_cpu']:.2f}); "
            f"n log n is n^{fitted['exponent_n_log_n']:.2f} over these sizes."
        )
    report["goals"] = goals(report)
    print_verdicts(report["goals"])
    absent = [name for name, (package, _) in METHODS.items() if not installed(package)]
    if absent:
        print(f"Not installed, so not measured: {', '.join(absent)} (requirements/bench.txt).")
    print(f"seed {SEED}, {report['encoder']}; versions:")
    print("  " + ", ".join(f"{name} {found}" for name, found in versions().items() if found))
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path, help="a board of your own")
    parser.add_argument(
        "--encoder", default=QUICK, help=f"{QUICK} unless told; {DEFAULT} reads for an hour first"
    )
    parser.add_argument("--methods", nargs="+", choices=[name.lower() for name in METHODS])
    parser.add_argument(
        "--sizes", nargs="+", type=int, default=list(SIZES), help="posts; 0: no growth"
    )
    parser.add_argument("--limit", type=float, default=1_800.0, help="seconds for one run")
    parser.add_argument("--json", type=Path, default=KEPT / "scale.json")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--posts", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    try:
        if options.child == "encode":
            corpus_of(
                read_posts(options.file),
                describe(options.encoder),
                str(store_of(options.file, options.encoder)),
            )
            return 0
        if options.child:
            print(json.dumps(child(options)))
            return 0
        report = measure(options)
    except (BadInput, EncoderUnavailable) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"\n{options.json}: the same as JSON")
    return 0


if __name__ == "__main__":
    sys.exit(main())

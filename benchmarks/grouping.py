"""Measure the grouping on labelled boards, beside EVoC and BERTopic on the same vectors when they are installed.

    python -m benchmarks.grouping FILE.jsonl [FILE.jsonl ...] [--vectors FOLDER] [--json OUT.json]

A file holds posts with ``id``, ``text`` and ``label``. Vectors are computed once and kept in the folder. A post
that a method calls noise counts as a group of its own, so that coverage is paid for.
"""

import argparse
import json
import platform
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from feedback.insight.engine import Corpus, Grouper, kept, recall_at
from feedback.insight.engine.encoders.registry import DEFAULT, describe
from feedback.insight.engine.files import read_posts
from feedback.insight.engine.neighbours import neighbours
from feedback.insight.engine.quality import quality
from feedback.insight.engine.vectors import corpus_of

Method = Callable[[Corpus], np.ndarray]
SEED = 0


def heed(corpus: Corpus) -> np.ndarray:
    return Grouper().fit_predict(corpus)


def evoc(corpus: Corpus) -> np.ndarray:
    from evoc import EVoC

    return np.asarray(EVoC(random_state=SEED).fit_predict(corpus.vectors))


def bertopic(corpus: Corpus) -> np.ndarray:
    from bertopic import BERTopic
    from umap import UMAP

    # UMAP as BERTopic makes it by default, with a seed.
    umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=SEED)
    topics, _ = BERTopic(umap_model=umap).fit_transform(corpus.full_texts, corpus.vectors)
    return np.asarray(topics)


METHODS: dict[str, tuple[str, Method]] = {
    "Heed": ("heed", heed),
    "EVoC": ("evoc", evoc),
    "BERTopic": ("bertopic", bertopic),
}


def noise_alone(labels: np.ndarray) -> np.ndarray:
    """Give every noise post (-1) a group of its own."""
    out = labels.astype(np.int64).copy()
    noise = np.flatnonzero(out < 0)
    out[noise] = out.max() + 1 + np.arange(len(noise))
    return out


def installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def growth(corpus: Corpus, share: float) -> float:
    rng = np.random.default_rng(SEED)
    rows = np.sort(rng.permutation(len(corpus))[: int(len(corpus) * share)])
    before = Grouper().fit(corpus.take(rows)).keys_
    return kept(before, Grouper().fit(corpus, previous=before).keys_)


def measure(path: Path, folder: Path, encoder: str, methods: dict[str, Method]) -> dict[str, Any]:
    posts = read_posts(path, text_column="text")
    labels = posts.column("label")
    folder.mkdir(parents=True, exist_ok=True)
    described = describe(encoder)
    store = folder / f"{path.name}.{described.model_key}.npy"
    corpus, _ = corpus_of(posts, described, str(store))
    report: dict[str, Any] = {"posts": len(posts), "methods": {}}
    for name, method in methods.items():
        method(corpus.take(range(min(300, len(corpus)))))  # compiles and warms up, unmeasured
        started = time.perf_counter()
        found = method(corpus)
        seconds = time.perf_counter() - started
        measured: dict[str, Any] = quality(labels, noise_alone(found)).as_dict()
        measured["left_out"] = round(float((found < 0).mean()), 4)
        measured["seconds"] = round(seconds, 3)
        report["methods"][name] = measured
    vectors = Grouper().fit(corpus).space_.transform(corpus.vectors, corpus.languages)
    report["recall_at_10"] = round(recall_at(labels, neighbours(vectors, 10)[0]), 4)
    report["kept_at_5_percent_more"] = round(growth(corpus, 1 / 1.05), 4)
    report["kept_when_doubled"] = round(growth(corpus, 0.5), 4)
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--vectors", type=Path, default=Path("var/benchmarks"))
    parser.add_argument("--encoder", default=DEFAULT)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    versions = {name: installed(package) for name, (package, _) in METHODS.items()}
    methods = {
        name: method for name, (_, method) in METHODS.items() if name == "Heed" or versions[name]
    }
    report: dict[str, Any] = {
        "encoder": describe(options.encoder).model_key,
        "seed": SEED,
        "python": platform.python_version(),
        "versions": versions,
        "boards": {},
    }
    print(
        f"{'board':24} {'method':9} {'ARI':>6} {'AMI':>6} {'B3':>6} {'alone':>6} {'out':>6} {'s':>7}"
    )
    for path in options.files:
        board = measure(path, options.vectors, options.encoder, methods)
        report["boards"][path.stem] = board
        for name, row in board["methods"].items():
            print(
                f"{path.stem[:24]:24} {name:9} {row['ari']:6.3f} {row['ami']:6.3f} {row['b_cubed']:6.3f} "
                f"{row['alone_in_company']:6.3f} {row['left_out']:6.3f} {row['seconds']:7.2f}"
            )
        print(
            f"{'':24} kept at +5 %: {board['kept_at_5_percent_more']:.3f}, doubled: "
            f"{board['kept_when_doubled']:.3f}; recall@10 {board['recall_at_10']:.3f}"
        )
    for name in methods:
        rows = [board["methods"][name] for board in report["boards"].values()]
        means = {
            key: float(np.mean([row[key] for row in rows])) for key in ("ari", "ami", "b_cubed")
        }
        report.setdefault("mean", {})[name] = {key: round(v, 4) for key, v in means.items()}
        print(
            f"{'mean':24} {name:9} {means['ari']:6.3f} {means['ami']:6.3f} {means['b_cubed']:6.3f}"
        )
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""How an ask reads and how posts are found: titles, languages, duplicates, pairs."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.boards import data_file, load, say, store_of
from feedback.encoder.models.registry import describe, load_encoder
from feedback.engine import Corpus, Grouper, Similar, Space
from feedback.ops.files.posts import KeptVectors


def true_titles(corpus: Corpus, labels: list[str], grouper: Grouper) -> float:
    """Return the share of groups of two and more whose title is of a post with the label of most of the group."""
    row_of = {i: row for row, i in enumerate(corpus.ids)}
    right = []
    for group in grouper.groups_:
        if len(group) < 2:
            continue
        rows = [row_of[i] for i in group.members]
        counts = Counter(labels[row] for row in rows)
        most = max(counts.values())
        right.append(counts[labels[row_of[group.titled]]] == most)
    return float(np.mean(right)) if right else 1.0


def both_languages(corpus: Corpus, grouper: Grouper) -> float | None:
    """Return the share of groups of two and more with both languages; None when the board has one."""
    if len(set(corpus.languages)) < 2:
        return None
    language = dict(zip(corpus.ids, corpus.languages, strict=True))
    held = [
        len({language[i] for i in group.members}) > 1 for group in grouper.groups_ if len(group) > 1
    ]
    return float(np.mean(held)) if held else 0.0


def pairs(encoder: str) -> float:
    """Return the AUC of the similarity of the pairs in lcqmc_pairs."""
    path = data_file("lcqmc_pairs.jsonl")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [row["a"] for row in rows] + [row["b"] for row in rows]
    described, store = describe(encoder), store_of(path, encoder)
    loaded = KeptVectors(store).load(texts)
    if loaded is None:
        say(f"{path.name}: encoding {len(texts):,} texts once with {encoder} ...")
        vectors = load_encoder(encoder).encode(texts)
        KeptVectors(store).save(vectors, texts, described.model_key)
    else:
        vectors = loaded.vectors
    corpus = Corpus([str(at) for at in range(len(texts))], vectors, texts, views=described.views)
    moved = Space.fit(corpus).transform(corpus.vectors, corpus.languages)
    likeness = np.einsum("ij,ij->i", moved[: len(rows)], moved[len(rows) :])
    return float(roc_auc_score([int(row["dup"]) for row in rows], likeness))


def duplicates(encoder: str) -> float:
    """Return recall@10 of the marked duplicates among the bug reports of hadoop_bugs, title and body."""
    links = json.loads(Path(data_file("hadoop_dups.json")).read_text(encoding="utf-8"))
    corpus = load(data_file("hadoop_bugs.jsonl"), encoder, label=None).corpus
    row_of = {i: row for row, i in enumerate(corpus.ids)}
    asked = sorted({str(a) for a, b in links if str(a) in row_of and str(b) in row_of})
    rows = np.array([row_of[i] for i in asked])
    part = corpus.take(rows)
    found = Similar(corpus).search(
        part.full_texts, part.vectors, list(part.languages), k=10, own=list(asked)
    )
    near = {i: {other for other, _ in one} for i, one in zip(asked, found, strict=True)}
    hits = [str(b) in near[str(a)] for a, b in links if str(a) in near and str(b) in row_of]
    return float(np.mean(hits))

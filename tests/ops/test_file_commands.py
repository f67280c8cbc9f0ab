"""The commands that group, search and evaluate files."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from tests.engine.boards import board


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    corpus, truth = board(n=80, asks=6)
    rows = [
        {"id": int(str(i)[1:]), "text": text, "label": f"ask-{ask}"}
        for i, text, ask in zip(corpus.ids, corpus.texts, truth, strict=True)
    ]
    path = tmp_path / "posts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    np.save(tmp_path / "v.npy", corpus.vectors)
    return path


def run(command: str, *arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    summary: dict[str, Any] = json.loads(out.getvalue().strip().splitlines()[-1])
    return summary


def output(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_group_file_writes_a_row_per_post_in_input_order(posts: Path, tmp_path: Path) -> None:
    vectors = str(tmp_path / "v.npy")
    summary = run("group_file", str(posts), "--vectors", vectors, "--output", str(tmp_path / "o"))
    rows = output(tmp_path / "o")
    assert [row["id"] for row in rows] == list(range(80))
    assert {"id", "group", "score", "reason"} <= set(rows[0])
    assert summary["rows"] == 80
    assert summary["groups"] == len({row["group"] for row in rows})
    assert {"alone", "seconds", "peak_mb", "model_key"} <= set(summary)


def test_group_file_obeys_and_an_undone_decision_leaves_no_trace(
    posts: Path, tmp_path: Path
) -> None:
    vectors = str(tmp_path / "v.npy")
    one, two, three = (str(tmp_path / name) for name in ("1", "2", "3"))
    run("group_file", str(posts), "--vectors", vectors, "--output", one)
    first = {row["id"]: row["group"] for row in output(Path(one))}
    a = 0
    b = next(i for i in first if first[i] != first[a])
    c = next(i for i in first if i != a and first[i] == first[a])
    decisions = tmp_path / "d.jsonl"
    decisions.write_text(
        json.dumps({"kind": "TOGETHER", "a": a, "b": b})
        + "\n"
        + json.dumps({"kind": "APART", "a": a, "b": c})
        + "\n"
    )
    run(
        *("group_file", str(posts), "--vectors", vectors, "--output", two),
        *("--decisions", str(decisions), "--previous", one),
    )
    second = {row["id"]: row["group"] for row in output(Path(two))}
    assert second[a] == second[b]
    assert second[a] != second[c]
    run("group_file", str(posts), "--vectors", vectors, "--output", three, "--previous", two)
    assert {row["id"]: row["group"] for row in output(Path(three))} == first


def test_group_file_says_in_one_sentence_what_is_wrong(posts: Path, tmp_path: Path) -> None:
    decisions = tmp_path / "d.jsonl"
    decisions.write_text(
        '{"kind": "TOGETHER", "a": 1, "b": 2}\n{"kind": "APART", "a": 2, "b": 1}\n'
    )
    with pytest.raises(CommandError, match="1 together with 2; 2 apart from 1"):
        run("group_file", str(posts), "--decisions", str(decisions))
    np.save(tmp_path / "w.npy", np.zeros((3, 4), dtype=np.float32))
    with pytest.raises(CommandError, match="there are 80 posts"):
        run("group_file", str(posts), "--vectors", str(tmp_path / "w.npy"))
    with pytest.raises(CommandError, match='no column "words"'):
        run("group_file", str(posts), "--text-column", "words")


def test_similar_file_ranks_the_others_best_first(posts: Path, tmp_path: Path) -> None:
    vectors = str(tmp_path / "v.npy")
    run(
        *("similar_file", str(posts), str(posts), "--k", "5", "--output", str(tmp_path / "s")),
        *("--vectors", vectors, "--query-vectors", vectors),
    )
    for row in output(tmp_path / "s"):
        scores = [match["score"] for match in row["matches"]]
        assert len(scores) == 5
        assert scores == sorted(scores, reverse=True)
        assert row["id"] not in [match["id"] for match in row["matches"]]


def test_evaluate_measures_a_labelled_file(posts: Path, tmp_path: Path) -> None:
    report = run("evaluate", str(posts), "--vectors", str(tmp_path / "v.npy"))
    assert report["ari"] > 0.8
    assert report["decisions_held"] == 1.0
    assert report["kept_at_5_percent_more"] > 0.95

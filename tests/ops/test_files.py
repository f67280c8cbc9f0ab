"""Reading posts, decisions and vectors from files: what works, and one clear sentence for what does not."""

import datetime as dt
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from feedback.importing.formats import Field, Settings
from feedback.ops.files.posts import (
    BadInput,
    KeptVectors,
    read_decisions,
    read_posts,
    read_previous,
)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", 'id,title,body\n7,Dark mode,"please, at night"\n8,,it crashes\n'),
        ("a.tsv", "id\ttitle\tbody\n7\tDark mode\tplease, at night\n8\t\tit crashes\n"),
        (
            "a.jsonl",
            '{"id": "7", "title": "Dark mode", "body": "please, at night"}\n'
            '{"id": "8", "title": null, "body": "it crashes"}\n\n',
        ),
    ],
)
def test_csv_tsv_and_jsonl_give_the_same_posts(tmp_path: Path, name: str, content: str) -> None:
    plain = write(tmp_path / name, content)
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(content.encode()))
    for path in (plain, packed):
        posts = read_posts(path)
        assert posts.ids == ["7", "8"]
        assert posts.titles == ["Dark mode", ""]
        assert posts.texts == ["please, at night", "it crashes"]


def test_text_with_a_body_beside_it_is_the_title(tmp_path: Path) -> None:
    path = write(tmp_path / "b.jsonl", '{"id": 1, "text": "Crash", "body": "It stops at start"}\n')
    posts = read_posts(path)
    assert (posts.titles, posts.texts, posts.given_ids) == (["Crash"], ["It stops at start"], [1])
    said = Settings(time_zone=dt.UTC, columns={Field.BODY: "text"}, needs_dates=False)
    assert read_posts(path, said).texts == ["Crash"]


def test_rows_without_ids_are_numbered_and_placeholder_titles_are_none(tmp_path: Path) -> None:
    posts = read_posts(write(tmp_path / "a.csv", "title,text\nNone,hello\n无,你好\n"))
    assert posts.ids == ["1", "2"]
    assert posts.titles == ["", ""]


def test_chinese_in_gb18030_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id,text\n1,深色模式\n".encode("gb18030"))
    assert read_posts(path).texts == ["深色模式"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "holds no rows"),
        ("id,text\n", "holds no rows"),
        ("id,text\n1,a\n1,b\n", 'id "1" stands in lines 2 and 3'),
        ("id,text\n1,a\n2,a,b\n", "Line 3 of .* 3 columns instead of 2"),
        ("id,text\n,a\n", 'has no "id"'),
        (
            "id,words\n1,2\n",
            "no column for title or body; its columns are id, words. .*--text-column",
        ),
    ],
)
def test_a_bad_table_is_told_in_one_sentence(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_posts(write(tmp_path / "a.csv", content))


def test_a_bad_line_of_json_is_named_by_its_number(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"Line 2 of .* is not JSON"):
        read_posts(write(tmp_path / "a.jsonl", '{"id": 1, "text": "a"}\n{"id": 2,\n'))
    with pytest.raises(BadInput, match=r"line 1: this line is not a JSON object"):
        read_posts(write(tmp_path / "b.jsonl", "[1]\n"))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no file"):
        read_posts(tmp_path / "missing.csv")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"kind": "NEAR", "a": "1", "b": "2"}, "write TOGETHER or APART"),
        ({"kind": "APART", "a": "1", "b": "9"}, 'names the id "9"'),
        ({"kind": "APART", "a": "1", "b": "1"}, "apart from itself"),
    ],
)
def test_a_bad_decision_is_told(tmp_path: Path, line: dict[str, str], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_decisions(write(tmp_path / "d.jsonl", json.dumps(line)), ["1", "2"])


def test_an_earlier_output_gives_keys_and_the_decisions_that_held(tmp_path: Path) -> None:
    earlier = read_previous(
        write(
            tmp_path / "o.jsonl",
            '{"id": 1, "group": "g-1", "decisions": [["APART", "2"]]}\n{"id": 2, "group": "g-2"}\n',
        )
    )
    assert earlier.keys == {"1": "g-1", "2": "g-2"}
    assert earlier.decisions == {"1": {("APART", "2")}}


def test_kept_vectors_are_loaded_only_for_the_texts_they_were_made_of(tmp_path: Path) -> None:
    kept = KeptVectors(tmp_path / "v.npy")
    assert kept.load(["a", "b"]) is None
    kept.save(np.eye(2, dtype=np.float32), ["a", "b"], "model-1", ["", "“b”"])
    loaded = kept.load(["a", "b"])
    assert loaded is not None
    assert (loaded.model_key, loaded.leads) == ("model-1", ["", "“b”"])
    with pytest.raises(BadInput, match="other texts"):
        kept.load(["a", "c"])
    with pytest.raises(BadInput, match=r"shape \(2, 2\), but there are 3 posts"):
        kept.load(["a", "b", "c"])

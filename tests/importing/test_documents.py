"""JSON as it comes: an object a line, a list, an object with the list somewhere in it, and halves of letters."""

import json
from pathlib import Path

import pytest

from feedback.importing.formats import Undecided
from feedback.importing.formats.rows import BrokenRow, Row
from tests.importing.files import good, posts_of, rows_of, written


def test_json_lines_keep_what_can_be_read(tmp_path: Path) -> None:
    lines = [
        json.dumps({"title": "深色", "stars": 4, "tags": ["a"], "note": None}, ensure_ascii=False),
        '{"title": "cut of',
        "[1, 2]",
        "",
        '{"title": "last"}',
    ]
    found = rows_of(written(tmp_path, "t.jsonl", "\n".join(lines)))
    assert [row.line for row in found] == [1, 2, 3, 5]
    assert found[0] == Row(1, {"title": "深色", "stars": 4, "tags": ["a"], "note": None})
    assert [row.reason for row in found if isinstance(row, BrokenRow)] == [
        "this line is not JSON at character 11",
        "this line is not a JSON object",
    ]


@pytest.mark.parametrize("at", [*range(65_500, 65_537)])
def test_an_escape_may_stand_anywhere_in_a_document(tmp_path: Path, at: int) -> None:
    escapes = r"\\ \" \ud83d\ude00 \ud83d \\ud83d"
    text = '[{"title": "' + "x" * (at - 12) + escapes + '"}]'
    (found,) = rows_of(written(tmp_path, "t.json", text))
    assert isinstance(found, Row)
    assert found.values["title"].lstrip("x") == '\\ " 😀 \ufffd \\ud83d'


@pytest.mark.parametrize("name", ["t.jsonl", "t.json"])
def test_half_an_emoji_is_a_mark_and_loses_no_row(tmp_path: Path, name: str) -> None:
    row = r'{"title": "cut here \ud83d", "tags": ["\udc80"], "of": {"a": {"b": {"c": "\u0000x\udc80"}}}, "whole": "\ud83d\ude00"}'
    text = row if name == "t.jsonl" else f"[{row}]"
    (found,) = rows_of(written(tmp_path, name, text))
    assert isinstance(found, Row)
    assert found.values == {
        "title": "cut here \ufffd",
        "tags": ["\ufffd"],
        "of.a.b": {"c": "x\ufffd"},
        "whole": "😀",
    }


@pytest.mark.parametrize(
    ("document", "listed"),
    [
        ([{"id": 1, "title": "a b"}, {"id": 2, "title": "c d"}], None),
        ({"posts": [{"id": 1, "title": "a b"}, {"id": 2, "title": "c d"}]}, None),
        (
            {
                "meta": {"page": 1},
                "data": {"items": [{"id": 1, "title": "a b"}, {"id": 2, "title": "c d"}]},
            },
            None,
        ),
        (
            {
                "users": [{"id": 7, "name": "Ana"}],
                "reviews": [{"id": 1, "title": "a b"}, {"id": 2, "title": "c d"}],
            },
            None,
        ),
        (
            {
                "users": [{"id": 7}],
                "wishes": [{"id": 1, "title": "a b"}, {"id": 2, "title": "c d"}],
            },
            "wishes",
        ),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_the_list_in_a_json_document_is_found(
    tmp_path: Path, document: object, listed: str | None, indent: int | None
) -> None:
    path = written(tmp_path, "t.json", json.dumps(document, indent=indent))
    if listed:
        with pytest.raises(Undecided) as caught:
            rows_of(path)
        assert caught.value.setting == "rows_in"
        assert listed in {choice.value for choice in caught.value.question.choices}
    assert [row["title"] for row in good(path, rows_in=listed or "")] == ["a b", "c d"]


def test_objects_within_objects_are_columns(tmp_path: Path) -> None:
    row = {
        "number": 5,
        "title": "Dark mode",
        "user": {"login": "ana", "id": 3},
        "labels": [{"name": "ui"}, {"name": "night"}],
    }
    path = written(tmp_path, "t.json", json.dumps([row, row | {"number": 6}]))
    assert good(path)[0]["user.login"] == "ana"
    post = posts_of(path)[0]
    assert (post.external_id, post.author.name, post.author.id, post.tags) == (
        "5",
        "ana",
        "3",
        ("ui", "night"),
    )


def test_json_of_one_object_is_one_row(tmp_path: Path) -> None:
    path = written(tmp_path, "t.json", json.dumps({"id": 1, "title": "Dark mode"}, indent=1))
    assert good(path) == [{"id": 1, "title": "Dark mode"}]


def test_json_in_any_encoding(tmp_path: Path) -> None:
    document = json.dumps(
        [{"id": 1, "title": "希望增加深色模式"}, {"id": 2, "title": "一打开就闪退"}],
        ensure_ascii=False,
    )
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        path = written(tmp_path, f"{encoding}.json", document, encoding)
        assert [row["title"] for row in good(path)] == ["希望增加深色模式", "一打开就闪退"]

"""Files of posts as they come: every encoding, every separator, every kind of damage."""

import datetime as dt
import gzip
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.importing.formats import (
    BrokenRow,
    CannotImport,
    Columns,
    FieldName,
    Row,
    ValueUnreadable,
    open_source,
    read_rows,
    values,
)


def rows_of(path: Path) -> list[Row | BrokenRow]:
    with open_source(path) as source:
        return list(read_rows(source))


def good(path: Path) -> list[dict[str, str]]:
    found = rows_of(path)
    assert all(isinstance(row, Row) for row in found), found
    return [row.values for row in found if isinstance(row, Row)]


def written(folder: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


TABLE = "标题,内容,评分\n希望有深色模式,晚上太刺眼,4\nCrash on start,It closes at once,1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("packed", [False, True])
def test_the_same_table_in_every_encoding_reads_the_same(
    tmp_path: Path, encoding: str, packed: bool
) -> None:
    raw = TABLE.encode(encoding)
    path = written(
        tmp_path, "t.csv.gz" if packed else "t.csv", gzip.compress(raw) if packed else raw
    )
    assert good(path) == [
        {"标题": "希望有深色模式", "内容": "晚上太刺眼", "评分": "4"},
        {"标题": "Crash on start", "内容": "It closes at once", "评分": "1"},
    ]


def test_chinese_on_the_last_line_alone_decides_the_encoding(tmp_path: Path) -> None:
    raw = b"title,body\n" + b"plain,ascii\n" * 50_000 + "标题,内容\n".encode("gb18030")
    assert good(written(tmp_path, "late.csv", raw))[-1] == {"title": "标题", "body": "内容"}


@pytest.mark.parametrize(
    ("name", "separator"),
    [("t.csv", ","), ("t.tsv", "\t"), ("t.txt", "\t"), ("t.csv", ";"), ("t.csv", "|")],
)
def test_any_separator_is_recognised(tmp_path: Path, name: str, separator: str) -> None:
    text = "title,body\none,two\n".replace(",", separator)
    assert good(written(tmp_path, name, text)) == [{"title": "one", "body": "two"}]


def test_a_body_goes_on_over_lines_and_holds_quotes_and_separators(tmp_path: Path) -> None:
    text = 'title,body\r\n"a ""b"", c","first\r\n\r\nthird, ""x"""\r\nnext,\r\n'
    found = rows_of(written(tmp_path, "t.csv", text))
    assert [row.line for row in found] == [2, 5]
    assert good(tmp_path / "t.csv")[0] == {"title": 'a "b", c', "body": 'first\r\n\r\nthird, "x"'}


def test_a_stray_quote_inside_a_field_is_a_quote(tmp_path: Path) -> None:
    assert (
        good(written(tmp_path, "t.csv", 'title,body\n5" screen,too small\n'))[0]["title"]
        == '5" screen'
    )


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    lines = [
        "title,body",
        "one,fine",
        'two,"never closed',
        *(f"row {n},fine" for n in range(9_000)),
    ]
    found = rows_of(written(tmp_path, "t.csv", "\n".join(lines) + "\n" + "x" * 150_000 + ",end\n"))
    broken = [row for row in found if isinstance(row, BrokenRow)]
    assert [(row.line, row.reason) for row in broken] == [(3, "a quote is opened and never closed")]
    assert len(found) == 1 + 1 + 9_000 + 1


def test_a_row_with_too_many_columns_or_only_one_is_rejected_and_reading_goes_on(
    tmp_path: Path,
) -> None:
    found = rows_of(written(tmp_path, "t.csv", "a,b,c\n1,2,3,4\nlost\n1,2\n1,2,3\n"))
    assert [row.reason for row in found if isinstance(row, BrokenRow)] == [
        "it has 4 columns instead of 3",
        "it has 1 column instead of 3",
    ]
    assert len(found) == 4


def test_bytes_that_are_no_text_cost_one_row(tmp_path: Path) -> None:
    raw = "title\n好\n".encode() + b"bad \xff\xfe\x81\n" + "再来\n".encode()
    found = rows_of(written(tmp_path, "t.csv", raw))
    assert [type(row).__name__ for row in found] == ["Row", "BrokenRow", "Row"]
    assert "neither UTF-8 nor GB18030" in found[1].reason  # type: ignore[union-attr]


def test_null_characters_vanish(tmp_path: Path) -> None:
    assert good(written(tmp_path, "t.csv", "title,body\na\x00b,c\n")) == [
        {"title": "ab", "body": "c"}
    ]


def test_a_monster_line_costs_one_row_and_no_memory(tmp_path: Path) -> None:
    text = "title,body\nfine,1\n" + "x" * 3_000_000 + "\nfine,2\n"
    found = rows_of(written(tmp_path, "t.csv", text))
    assert [type(row).__name__ for row in found] == ["Row", "BrokenRow", "Row"]


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
    assert found[0] == Row(1, {"title": "深色", "stars": "4", "tags": '["a"]', "note": ""})
    assert [row.reason for row in found if isinstance(row, BrokenRow)] == [
        "this line is not JSON at character 11",
        "this line is not a JSON object",
    ]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b"\n\n  \n", "is empty"),
        ("sheet.xlsx", b"PK\x03\x04rest", "save it as CSV first"),
        ("whole.json", b'[{"a": 1}]', "one JSON document"),
        ("cut.csv.gz", gzip.compress(b"title\n" + b"x\n" * 90_000)[:-20], "is damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(CannotImport, match=sentence):
        rows_of(written(tmp_path, name, content))


def test_a_missing_file_and_a_folder_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotImport, match="There is no file"):
        rows_of(tmp_path / "nowhere.csv")
    with pytest.raises(CannotImport, match="is a folder"):
        rows_of(tmp_path)


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc"))), min_size=2, max_size=2),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_a_spreadsheet_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]
) -> None:
    import csv
    import io

    text = io.StringIO(newline="")
    csv.writer(text).writerows([["title", "body"], *cells])
    path = written(tmp_path_factory.mktemp("given"), "t.csv", text.getvalue())
    expected = [
        {"title": title, "body": body} for title, body in cells if title.strip() or body.strip()
    ]
    assert good(path) == expected


# --- Columns ---------------------------------------------------------------------------------------------
def columns(**chosen: str) -> Columns:
    return Columns(
        {FieldName(field): name for field, name in chosen.items()},
        day_first=False,
        time_zone=ZoneInfo("Asia/Shanghai"),
    )


def test_chinese_and_english_headers_are_understood() -> None:
    row = columns().read(
        Row(7, {
            "编号": "17", "标题": "闪退", "评论内容": "打不开", "用户名": "小明", "评论时间": "2024年3月5日 下午3:20",
            "版本号": "8.1", "国家": "中国", "星级": "★★", "类型": "缺陷", "机型": "小米 14",
        })
    )  # fmt: skip
    assert (row.external_id, row.title, row.body, row.author) == ("17", "闪退", "打不开", "小明")
    assert row.posted_at == dt.datetime(2024, 3, 5, 7, 20, tzinfo=dt.UTC)
    assert (row.product_version, row.country, row.rating, row.kind) == ("8.1", "CN", 2, "BUG")
    assert row.fields == {"机型": "小米 14"}
    assert row.line == 7


def test_what_the_person_chose_wins_over_what_names_suggest() -> None:
    row = columns(title="Betreff", body="title").read(
        Row(2, {"Betreff": "dunkel", "title": "the words", "id": "1"})
    )
    assert (row.title, row.body) == ("dunkel", "the words")


def test_a_chosen_column_that_is_not_there_is_named() -> None:
    with pytest.raises(CannotImport, match='no column "Subject" for title; its columns are a, b'):
        columns(title="Subject").check(["a", "b"], "t.csv")
    with pytest.raises(CannotImport, match="no column for title or body"):
        columns().check(["a", "b"], "t.csv")


def test_nothing_is_written_in_many_ways() -> None:
    row = columns().read(Row(2, {"id": "1", "title": "None", "body": "x", "version": "Unknown"}))
    assert (row.title, row.product_version) == ("", "")


def test_rows_without_an_id_get_the_same_one_every_time_and_namesakes_stay_apart() -> None:
    texts = [Row(n, {"text": text}) for n, text in enumerate(["不好用", "不好用", "crash"], 2)]
    first, second = columns(), columns()
    once = [first.read(row).external_id for row in texts]
    assert once == [second.read(row).external_id for row in texts]
    assert len(set(once)) == 3


def test_the_lines_of_a_rejects_file_are_not_content() -> None:
    row = columns().read(Row(2, {"line": "9", "reason": "the date", "id": "1", "title": "x"}))
    assert row.fields == {}


# --- Values ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-05", "2024-03-05T00:00"),
        ("2024-03-05T10:20:30Z", "2024-03-05T10:20"),
        ("2024-03-05 10:20:30 +0800", None),
        ("2024/3/5 10:20", "2024-03-05T10:20"),
        ("2024.3.5", "2024-03-05T00:00"),
        ("2024年3月5日 10时20分", "2024-03-05T10:20"),
        ("2024年3月5日 下午1:20", "2024-03-05T13:20"),
        ("3/5/2024", "2024-03-05T00:00"),
        ("3/5/24 1:05 PM", "2024-03-05T13:05"),
        ("25/12/2024", "2024-12-25T00:00"),
        ("5.3.2024", "2024-03-05T00:00"),
        ("Mar 5, 2024", "2024-03-05T00:00"),
        ("March 5th, 2024 10:20 PM", "2024-03-05T22:20"),
        ("5 March 2024", "2024-03-05T00:00"),
        ("Tue, 05 Mar 2024 10:20:00 +0000", "2024-03-05T10:20"),
        ("1709634000", "2024-03-05T10:20"),
        ("1709634000000", "2024-03-05T10:20"),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, expected: str | None) -> None:
    found = values.moment(text, day_first=False, time_zone=dt.UTC)
    assert found is not None
    if expected is not None:
        assert found.strftime("%Y-%m-%dT%H:%M") == expected


def test_a_slashed_date_may_begin_with_the_day() -> None:
    found = values.moment("3/5/2024", day_first=True, time_zone=dt.UTC)
    assert found == dt.datetime(2024, 5, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text", ["yesterday", "2024-13-45", "31/31/2024", "0", "99999999999999999", "1024-01-01"]
)
def test_a_date_that_is_none_is_said_so(text: str) -> None:
    with pytest.raises(ValueUnreadable, match="cannot be read"):
        values.moment(text, day_first=False, time_zone=dt.UTC)


@given(st.text(max_size=40))
def test_no_cell_breaks_the_reading(text: str) -> None:
    for read in (
        lambda: values.moment(text, day_first=True, time_zone=dt.UTC),
        lambda: values.stars(text),
        lambda: values.kind(text),
        lambda: values.country(text),
    ):
        try:
            read()
        except ValueUnreadable as reason:
            assert str(reason)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4", 4),
        ("4.0", 4),
        ("4.5", 5),
        ("4/5", 4),
        ("4 out of 5", 4),
        ("4星", 4),
        ("★★★☆☆", 3),
        ("⭐️⭐️", 2),
        ("", None),
    ],
)
def test_stars_are_read_as_people_write_them(text: str, expected: int | None) -> None:
    assert values.stars(text) == expected


@pytest.mark.parametrize("text", ["0", "6", "great", "☆☆"])
def test_stars_that_are_none_are_said_so(text: str) -> None:
    with pytest.raises(ValueUnreadable, match="stars are 1 to 5"):
        values.stars(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("sg", "SG"), ("en_SG", "SG"), ("zh-Hans-CN", "CN"), ("新加坡", "SG"), ("Atlantis", "")],
)
def test_countries_are_two_letters(text: str, expected: str) -> None:
    assert values.country(text) == expected

"""Files as they come: every form, every separator, every kind of damage."""

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.importing.formats import CannotImport, Undecided
from feedback.importing.formats.rows import BrokenRow
from tests.importing.files import good, mapped, posts_of, rows_of, table, taken, written

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
    assert "bytes that are no text" in found[1].reason  # type: ignore[union-attr]


def test_null_characters_vanish(tmp_path: Path) -> None:
    assert good(written(tmp_path, "t.csv", "title,body\na\x00b,c\n")) == [
        {"title": "ab", "body": "c"}
    ]


def test_a_monster_line_costs_one_row_and_no_memory(tmp_path: Path) -> None:
    text = "title,body\nfine,1\n" + "x" * 3_000_000 + "\nfine,2\n"
    found = rows_of(written(tmp_path, "t.csv", text))
    assert [type(row).__name__ for row in found] == ["Row", "BrokenRow", "Row"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b"\n\n  \n", "is empty"),
        ("sheet.xlsx", b"PK\x03\x04rest", "begins like a spreadsheet and is none"),
        ("cut.json", b'[{"a": 1}, {"a": ', "breaks off after row 1"),
        ("nothing.json", b'{"a": 1, "b": [2, 3]', "is not JSON"),
        ("print.csv", b"%PDF-1.7", "is no table"),
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
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["title", "body"], *cells])
    path = written(tmp_path_factory.mktemp("given"), "t.csv", text.getvalue())
    expected = [
        {"title": title, "body": body} for title, body in cells if title.strip() or body.strip()
    ]
    assert good(path) == expected


def test_a_first_line_may_name_the_separator(tmp_path: Path) -> None:
    for line, mark in (("sep=;", ";"), ("SEP=|", "|"), ('"sep=,"', ","), ("sep=\t", "\t")):
        text = f"{line}\r\n" + "id,title\r\n1,Dark mode\r\n".replace(",", mark)
        assert good(written(tmp_path, "t.csv", text)) == [{"id": "1", "title": "Dark mode"}]


def test_a_separator_is_told_by_all_rows_and_not_by_the_first(tmp_path: Path) -> None:
    text = table(
        "id;title, or what it is;body", "1;Dark;Please, add it", "2;Export;Please, add one"
    )
    assert [row["id"] for row in good(written(tmp_path, "t.csv", text))] == ["1", "2"]
    one_column = table("内容", "不好用，很慢, 真的", "闪退; 总是")
    assert good(written(tmp_path, "one.csv", one_column)) == [
        {"内容": "不好用，很慢, 真的"},
        {"内容": "闪退; 总是"},
    ]


def test_a_title_above_the_header_is_skipped(tmp_path: Path) -> None:
    text = table(
        "Feedback export, March", "", "id,title,votes", "1,Dark mode,3", "2,Search,4"
    ).replace(", March", " March")
    assert [row["title"] for row in good(written(tmp_path, "t.csv", text))] == [
        "Dark mode",
        "Search",
    ]


def test_a_table_without_names_is_not_guessed_at(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "t.csv",
        table("17,Dark mode please,2024-01-05", "18,Faster sync please,2024-01-06"),
    )
    with pytest.raises(
        CannotImport, match='Line 1 should name the columns, but holds "17"'
    ) as caught:
        rows_of(path)
    assert caught.value.setting == "header_line"
    found = good(path, header_line=0)
    assert [row["column 2"] for row in found] == ["Dark mode please", "Faster sync please"]
    assert [post.title for post in posts_of(path, header_line=0)] == [
        "Dark mode please",
        "Faster sync please",
    ]


def test_a_spreadsheet_is_a_table(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        {
            "Feedback": [
                ["Report of March"],
                ["id", "title", "created", "stars"],
                [1, "Dark mode", "2024-01-05", 4.0],
                [2, "Search", "2024-01-06", 5],
            ]
        },
    )
    assert good(path)[0] == {"id": 1, "title": "Dark mode", "created": "2024-01-05", "stars": 4}
    assert taken(path) == {
        "external_id": "id",
        "title": "title",
        "posted_on": "created",
        "stars": "stars",
    }
    two = sheet(
        tmp_path,
        {"One": [["id", "title"], [1, "a b"]], "Two": [["id", "title"], [2, "c d"]], "Empty": []},
        "two.xlsx",
    )
    with pytest.raises(Undecided) as caught:
        mapped(two)
    assert [choice.value for choice in caught.value.question.choices] == ["One", "Two"]
    assert good(two, rows_in="Two") == [{"id": 2, "title": "c d"}]


def sheet(folder: Path, sheets: dict[str, list[list[object]]], name: str = "t.xlsx") -> Path:
    """Return a spreadsheet, written by hand: a workbook is a handful of small XML files."""
    import zipfile
    from xml.sax.saxutils import escape

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    path = folder / name
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(
            f'<sheet name="{one}" sheetId="{at}" r:id="s{at}"/>' for at, one in enumerate(sheets, 1)
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
        )
        links = "".join(
            f'<Relationship Id="s{at}" Type="{office}/worksheet" Target="worksheets/s{at}.xml"/>'
            for at, _ in enumerate(sheets, 1)
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}">{links}</Relationships>',
        )
        for at, rows in enumerate(sheets.values(), 1):
            cells = "".join(
                f'<row r="{number}">'
                + "".join(
                    f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
                    if isinstance(value, str)
                    else f'<c r="{chr(65 + column)}{number}"><v>{value}</v></c>'
                    for column, value in enumerate(row)
                )
                + "</row>"
                for number, row in enumerate(rows, 1)
            )
            book.writestr(
                f"xl/worksheets/s{at}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
            )
    return path


@pytest.mark.parametrize(
    "text",
    [
        table(
            "Please add a dark theme for the night",
            "The sync is slow since the update",
            "It crashes",
        ),
        table("Ana,Please add dark mode,open", "Bo,The sync is slow,open", "Cy,Crashes,closed"),
        table("ana@example.org,Please add dark mode", "bo@example.org,The sync is slow"),
    ],
)
def test_the_first_row_is_not_lost_as_a_header(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, "t.txt", text)
    with pytest.raises(CannotImport) as caught:
        rows_of(path)
    assert caught.value.setting == "header_line"
    assert len(good(path, header_line=0)) == text.count("\n")


def test_lines_may_end_as_on_an_old_mac(tmp_path: Path) -> None:
    text = table(
        "id,title", "1,Größere Schrift wäre schön", "2,Die Übersicht fehlt für Tablets"
    ).replace("\n", "\r")
    path = written(tmp_path, "t.csv", text, "mac_roman")
    assert [row["title"] for row in good(path)] == [
        "Größere Schrift wäre schön",
        "Die Übersicht fehlt für Tablets",
    ]

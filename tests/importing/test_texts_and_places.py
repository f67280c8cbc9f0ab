"""Languages, countries, texts and people in columns."""

import datetime as dt
import json
from pathlib import Path

import pytest

from feedback.importing.formats import CannotImport, Field, Undecided
from tests.importing.files import mapped, posts_of, table, taken, written


# --- Languages and countries ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "values", "languages", "countries"),
    [
        ("locale", ["en", "zh", "ca", "UK"], ["en", "zh", "ca", ""], ["", "", "", "GB"]),
        ("locale", ["EN", "ZH", "CA", "UK"], ["en", "zh", "ca", ""], ["", "", "", "GB"]),
        ("locale", ["pt-BR", "zh_CN", "en"], ["pt-BR", "zh-CN", "en"], ["", "", ""]),
        ("Reviewer Language", ["de", "fr", "hi"], ["de", "fr", "hi"], ["", "", ""]),
        ("country", ["en", "zh", "ja"], ["en", "zh", "ja"], ["", "", ""]),
        ("region", ["US", "UK", "CA"], ["", "", ""], ["US", "GB", "CA"]),
        ("locale", ["US", "GB", "CN"], ["", "", ""], ["US", "GB", "CN"]),
        ("country", ["us", "gb", "uk"], ["", "", ""], ["US", "GB", "GB"]),
        ("国家", ["中国", "美国", "英国"], ["", "", ""], ["CN", "US", "GB"]),
        ("Country", ["Germany", "South Korea", "United States"], ["", "", ""], ["DE", "KR", "US"]),
        ("store", ["USA", "GBR", "CHN"], ["", "", ""], ["US", "GB", "CN"]),
        ("language", ["English", "中文", "Deutsch"], ["en", "zh", "de"], ["", "", ""]),
        ("country", ["Deutschland", "Brasil", "España"], ["", "", ""], ["DE", "BR", "ES"]),
    ],
)
def test_languages_are_no_countries(
    tmp_path: Path, name: str, values: list[str], languages: list[str], countries: list[str]
) -> None:
    path = written(
        tmp_path,
        "t.csv",
        table(f"id,title,{name}", *(f"{at},Post {at},{value}" for at, value in enumerate(values))),
    )
    found = posts_of(path)
    assert [post.language for post in found] == languages
    assert [post.country for post in found] == countries


# --- Text ---------------------------------------------------------------------------------------------
def test_the_longest_text_is_the_body_where_no_name_says_so(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "t.csv",
        table(
            "Nr,Kurz,Was ist passiert",
            "1,App stürzt ab beim Start,Seit dem letzten Update stürzt die App auf meinem Telefon jedes Mal ab wenn ich sie öffne",
            "2,Kein dunkles Design,Abends ist die App viel zu hell und ich würde mir ein dunkles Design wünschen das ich einschalten kann",
        ),
    )
    assert taken(path) == {"external_id": "Nr", "body": "Was ist passiert", "title": "Kurz"}


def test_of_two_texts_alike_a_person_chooses(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "t.csv",
        table(
            "id,What do you like?,What is missing?",
            "1,I like the list view,A dark theme is missing",
            "2,The search is quick,Export to PDF please add",
        ),
    )
    with pytest.raises(Undecided, match=r"Several columns of .* hold text") as caught:
        mapped(path)
    assert caught.value.setting == "columns.body"
    assert [post.body for post in posts_of(path, columns={Field.BODY: "What is missing?"})] == [
        "A dark theme is missing",
        "Export to PDF please add",
    ]


def test_a_file_without_words_says_so_and_names_its_columns(tmp_path: Path) -> None:
    with pytest.raises(CannotImport, match="no column for title or body; its columns are a, b"):
        mapped(written(tmp_path, "t.csv", table("a,b", "1,2")))
    with pytest.raises(CannotImport, match='no column "Subject" for “Title”; its columns are a, b'):
        mapped(written(tmp_path, "t.csv", table("a,b", "1,2")), columns={Field.TITLE: "Subject"})


def test_what_a_person_says_wins_and_an_empty_name_takes_none(tmp_path: Path) -> None:
    path = written(tmp_path, "t.csv", table("Betreff,title,id,stars", "dunkel,the words,1,4"))
    row = posts_of(path, columns={Field.TITLE: "Betreff", Field.BODY: "title", Field.STARS: ""})[0]
    assert (row.title, row.body, row.stars, row.fields) == (
        "dunkel",
        "the words",
        None,
        {"stars": "4"},
    )


def test_nothing_is_written_in_many_ways(tmp_path: Path) -> None:
    row = posts_of(
        written(tmp_path, "t.csv", table("id,title,body,version", "1,None,It crashes,Unknown"))
    )[0]
    assert (row.title, row.version) == ("It crashes", "")


def test_the_lines_of_a_rejects_file_are_not_content(tmp_path: Path) -> None:
    row = posts_of(
        written(tmp_path, "t.csv", table("line,reason,id,title,row", "9,the date,1,Dark mode,"))
    )[0]
    assert row.fields == {}


def test_authors_are_names_ids_and_addresses(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "t.csv",
        table(
            "id,title,user,name,Contact",
            "1,Dark mode,8812,Ana,ana@example.org",
            "2,Search,8813,Bo,bo@example.org",
        ),
    )
    author = posts_of(path, columns={Field.AUTHOR_ID: "user"})[0].author
    assert (author.name, author.id, author.email, author.key) == (
        "Ana",
        "8812",
        "ana@example.org",
        "@8812",
    )
    # The key is kept in the open: it tells people apart and gives no address away.
    assert posts_of(path)[0].author.key.startswith("mail~")
    assert "ana" not in posts_of(path)[0].author.key


def test_comments_states_tags_and_answers_come_along(tmp_path: Path) -> None:
    rows = [
        {
            "id": 5, "title": "Dark mode", "status": "planned", "labels": ["ui", "night"], "official_response": "It is on its way.", "html_url": "https://example.org/5",
            "comments": [{"body": "Me too", "author": {"name": "Bo", "id": 2}, "created_at": "2024-01-02T03:04:05Z"}, {"body": ""}, {"text": "Yes", "user": {"login": "anonymous"}}],
        },
        {"id": 6, "title": "Search", "status": "open", "labels": [], "official_response": None, "comments": []},
    ]  # fmt: skip
    row = posts_of(written(tmp_path, "t.json", json.dumps(rows)))[0]
    assert (row.state, row.tags, row.url) == ("planned", ("ui", "night"), "https://example.org/5")
    assert row.answer is not None
    assert row.answer.body == "It is on its way."
    assert [(one.body, one.author.name, one.author.is_nobody) for one in row.comments] == [
        ("Me too", "Bo", False),
        ("Yes", "", True),
    ]
    assert row.comments[0].posted_at == dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def test_a_label_called_feedback_is_no_text_beside_a_description(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "t.csv",
        table(
            "Summary,Feedback,Description,Comment",
            "Dark theme,Idea,Please add a dark theme for the night,I would like that very much too because my eyes hurt",
            "Crash,Bug,It crashes when I open the camera,",
        ),
    )
    assert taken(path)["body"] == "Description"


def test_what_all_rows_have_is_no_title(tmp_path: Path) -> None:
    rows = (
        "1,Notes app,The search is slow",
        "2,Notes app,Add a dark theme",
        "3,Notes app,It lost my list",
    )
    path = written(tmp_path, "t.csv", table("id,title,text", *rows))
    assert [post.title for post in posts_of(path)] == [
        "The search is slow",
        "Add a dark theme",
        "It lost my list",
    ]
    assert posts_of(path)[0].fields == {"title": "Notes app"}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (
            "Submit Date (UTC)",
            "2024-01-15 10:20:30",
            dt.datetime(2024, 1, 15, 10, 20, 30, tzinfo=dt.UTC),
        ),
        ("created_utc", "1705314030", dt.datetime(2024, 1, 15, 10, 20, 30, tzinfo=dt.UTC)),
        (
            "Created (GMT+9)",
            "2024-01-15 10:20:30",
            dt.datetime(2024, 1, 15, 1, 20, 30, tzinfo=dt.UTC),
        ),
        (
            "提交时间(UTC+8)",
            "2024-01-15 10:20:30",
            dt.datetime(2024, 1, 15, 2, 20, 30, tzinfo=dt.UTC),
        ),
        ("date", "/Date(1705314030000)/", dt.datetime(2024, 1, 15, 10, 20, 30, tzinfo=dt.UTC)),
        (
            "created",
            "2024-01-15 10:20:30.5 +0000 UTC",
            dt.datetime(2024, 1, 15, 10, 20, 30, 500_000, tzinfo=dt.UTC),
        ),
    ],
)
def test_a_zone_may_stand_in_the_header(
    tmp_path: Path, name: str, value: str, expected: dt.datetime
) -> None:
    path = written(tmp_path, "t.csv", table(f"id,title,{name}", f"1,Dark mode,{value}"))
    assert posts_of(path, time_zone=dt.timezone(dt.timedelta(hours=-5)))[0].posted_at == expected


def test_people_and_words_within_objects_are_found(tmp_path: Path) -> None:
    row = {
        "rpid": 7,
        "content": {"message": "希望增加深色模式"},
        "member": {"uname": "小明", "mid": 5},
        "ctime": 1705314030,
    }
    found = posts_of(written(tmp_path, "t.json", json.dumps({"data": {"replies": [row]}})))[0]
    assert (found.body, found.author.name, found.author.id) == ("希望增加深色模式", "小明", "5")
    assert found.posted_at == dt.datetime(2024, 1, 15, 10, 20, 30, tzinfo=dt.UTC)

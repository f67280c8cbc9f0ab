"""What teams bring, from the file to the posts: dates, people, ids, updates, and what is refused."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from feedback.accounts.models import Origin, User
from feedback.asks.models import Ask
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Board, Post, Vote
from feedback.forum.search import index
from feedback.journal.models import Entry
from feedback.ops.files.posts import read_posts
from tests.importing.files import table

pytestmark = pytest.mark.django_db
Bring = Callable[..., str]


@pytest.fixture
def bring(tmp_path: Path, board: Board, capsys: pytest.CaptureFixture[str]) -> Bring:
    """Return a function that writes a file, imports it and returns what the command said."""

    def run(content: str | bytes, *words: str, name: str = "t.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command("import_posts", str(path), "--board", board.slug, *words)
        return capsys.readouterr().out

    return run


def posted() -> list[str]:
    return [
        f"{at:%Y-%m-%dT%H:%M:%SZ}"
        for at in Post.objects.order_by("pk").values_list("posted_at", flat=True)
    ]


# --- Stores --------------------------------------------------------------------------------------------
SCRAPED = table(
    "reviewId,userName,content,score,at,reviewCreatedVersion",
    "r-1,A Google user,The player stops when the phone locks,2,2021-03-04 09:12:11,4.1.0",
    "r-2,A Google user,Player stops as soon as it is locked,1,2022-07-19 21:02:55,4.2.0",
    "r-3,Google 用户,When it locks the player stops,2,2023-11-30 00:00:01,4.3.0",
)


def test_reviews_of_a_scraper_keep_ids_dates_versions_and_people(bring: Bring) -> None:
    bring(SCRAPED, "--time-zone", "UTC")
    assert posted() == ["2021-03-04T09:12:11Z", "2022-07-19T21:02:55Z", "2023-11-30T00:00:01Z"]
    assert list(
        Post.objects.order_by("pk").values_list("external_id", "product_version", "rating")
    ) == [
        ("r-1", "4.1.0", 2),
        ("r-2", "4.2.0", 1),
        ("r-3", "4.3.0", 2),
    ]
    assert User.objects.filter(origin=Origin.ANONYMOUS).count() == 3


def test_a_console_export_with_long_headers_in_utf_16(bring: Bring) -> None:
    text = table(
        "Package Name,App Version Code,App Version Name,Reviewer Language,Device,Review Submit Date and Time,Review Submit Millis Since Epoch,"
        "Review Last Update Date and Time,Star Rating,Review Title,Review Text,Developer Reply Date and Time,Developer Reply Text,Review Link",
        "org.example.app,301,3.0.1,en,x,2019-02-03T10:11:12Z,1549188672000,2020-01-01T00:00:00Z,2,,The alarm is silent,,,https://example.org/?reviewid=1",
        "org.example.app,305,3.0.5,de,y,2019-02-04T10:11:12Z,1549275072000,2020-01-01T00:00:00Z,5,,Great alarm,2019-02-05T00:00:00Z,Thanks a lot for your words,https://example.org/?reviewid=2",
    )
    for encoding in ("utf-16", "utf-16-le", "utf-8-sig"):
        said = bring(text.encode(encoding), name="console.csv")
        assert "2 rows read" in said
    assert posted() == ["2019-02-03T10:11:12Z", "2019-02-04T10:11:12Z"]
    post = Post.objects.order_by("pk")[0]
    assert (post.product_version, post.country, post.rating, post.title) == (
        "3.0.1",
        "",
        2,
        "The alarm is silent",
    )


def test_a_score_to_ten_costs_no_row(bring: Bring) -> None:
    said = bring(
        table(
            "response_id,Score,Comment,Created At",
            "1,9,Love the list,2024-01-15 10:20:30",
            "2,3,Sync is slow,2024-01-16 10:20:30",
            "3,0,It lost my notes,2024-01-17 10:20:30",
        )
    )
    assert "3 rows read: 3 became posts." in said
    assert set(Post.objects.values_list("rating", flat=True)) == {None}
    assert Post.objects.get(external_id="1").fields == {"Score": "9"}


def test_zones_are_never_ignored(bring: Bring) -> None:
    bring(
        table(
            "id,title,created_at",
            "1,Bigger font please,2024-01-15 10:20:30 UTC",
            "2,Faster sync please,Mon Jan 15 2024 03:20:30 GMT+0800 (China Standard Time)",
            "3,Search please,15/Jan/24 10:20 AM",
        ),
        "--time-zone",
        "America/New_York",
    )
    assert posted() == ["2024-01-15T10:20:30Z", "2024-01-14T19:20:30Z", "2024-01-15T15:20:00Z"]


# --- The same file again, a grown one, a changed one ----------------------------------------------------
TRACKER = "number,title,description,created_at,created_by,total_votes,status\n"
FIRST = TRACKER + "10,Offline reading,Let me read on the train,2018-03-23T19:33:22Z,Ana,41,open\n"
LATER = (
    TRACKER
    + "10,Offline reading,Let me read on the train and in the air,2018-03-23T19:33:22Z,Ana,44,planned\n11,Dark theme,For the night,2018-04-01T00:00:00Z,Ana,3,open\n"
)


def test_a_later_export_adds_what_is_new_and_leaves_what_changed(bring: Bring) -> None:
    bring(FIRST, name="tracker_1.csv")
    said = bring(LATER, "--source", "tracker_1", name="tracker_2.csv")
    assert "2 rows read: 1 became posts, 1 were there already" in said
    assert "1 of those already there differ from their posts, which were left; --update" in said
    post = Post.objects.get(external_id="10")
    assert (post.body, post.author.display_name, post.vote_count) == (
        "Let me read on the train",
        "Ana",
        1,
    )
    assert User.objects.filter(display_name="Ana").count() == 1
    assert (post.fields, post.votes_elsewhere) == ({"status": "open"}, 41)


def test_update_takes_changes_over_and_says_so(bring: Bring) -> None:
    bring(FIRST, name="tracker_1.csv")
    said = bring(LATER, "--source", "tracker_1", "--update", name="tracker_2.csv")
    assert "1 posts say now what their changed rows say." in said
    post = Post.objects.get(external_id="10")
    assert (post.body, post.fields["status"]) == (
        "Let me read on the train and in the air",
        "planned",
    )
    assert posted()[0] == "2018-03-23T19:33:22Z"
    entry = Entry.objects.get(verb="forum.post-edited")
    assert entry.data["before"] == {"body": "Let me read on the train"}
    assert index.find("air", limit=5)[0][0] == post.pk
    assert set(reconcile_counts().values()) == {0}
    again = bring(LATER, "--source", "tracker_1", "--update", name="tracker_2.csv")
    assert "2 were there already." in again
    assert "say now" not in again
    assert Entry.objects.filter(verb="forum.post-edited").count() == 1


def test_what_its_author_withdrew_stays_withdrawn(bring: Bring) -> None:
    bring(FIRST, name="tracker_1.csv")
    Post.objects.update(state=Post.State.WITHDRAWN)
    bring(LATER, "--source", "tracker_1", "--update", name="tracker_2.csv")
    assert Post.objects.get(external_id="10").body == "Let me read on the train"


def test_a_row_without_a_date_keeps_the_date_it_got(bring: Bring, now: dt.datetime) -> None:
    said = bring(table("id,title", "1,Dark mode", "2,Search"))
    assert (
        "2 rows have no date: their posts are dated 2026-03-06 09:30 UTC, the time of this import."
        in said
    )
    assert "differ" not in bring(table("id,title", "1,Dark mode", "2,Search"))


# --- People --------------------------------------------------------------------------------------------
def test_one_author_over_the_files_of_a_source_and_another_in_another(bring: Bring) -> None:
    bring(
        table("id,title,author", "1,Dark mode,Ana", "2,Search,Anonymous", "3,Sync,匿名用户"),
        "--source",
        "shop",
    )
    bring(
        table("id,title,author", "4,Font,Ana", "5,Print,[deleted]"),
        "--source",
        "shop",
        name="u.csv",
    )
    bring(table("id,title,author", "1,Dark mode,Ana"), "--source", "forum", name="v.csv")
    assert User.objects.filter(display_name="Ana").count() == 2
    assert User.objects.filter(origin=Origin.ANONYMOUS).count() == 3
    assert Post.objects.filter(source="shop", author__display_name="Ana").count() == 2


def test_the_sources_own_id_tells_namesakes_apart_and_knows_the_renamed(bring: Bring) -> None:
    bring(
        table(
            "id,title,author,user_id", "1,Dark mode,Ana,7", "2,Search,Ana,8", "3,Sync,Ana Maria,7"
        )
    )
    assert (
        Post.objects.get(external_id="1").author_id == Post.objects.get(external_id="3").author_id
    )
    assert Vote.objects.values("person").distinct().count() == 2


# --- What is refused -------------------------------------------------------------------------------------
def test_limit_counts_the_rows_that_are_read(bring: Bring) -> None:
    rows = [f"{at},Row {at},not a date" for at in range(2_000)]
    said = bring(table("id,title,created_at", *rows), "--limit", "5")
    assert "5 rows read: 0 became posts, 5 could not be taken" in said


def test_rejects_keep_their_bytes_and_go_in_again_once_mended(bring: Bring, tmp_path: Path) -> None:
    good_rows = "".join(f"{at},希望增加深色模式{at},2024-01-01\n" for at in range(5)).encode()
    bring(b"id,title,date\n" + good_rows + b"8,caf\xe9 \xff\x81,2024-01-01\n9,late,soon\n")
    rejects = tmp_path / "t.rejects.csv"
    raw = rejects.read_bytes()
    assert b"8,caf\xe9 \xff\x81,2024-01-01" in raw
    assert b"\xef\xbf\xbd" not in raw
    mended = (
        raw.replace(b"soon", b"2024-02-02")
        .replace(b",,,", b",8,caf\xc3\xa9,2024-01-01")
        .replace(b"caf\xe9 \xff\x81", b"")
    )
    assert "2 rows read: 2 became posts." in bring(mended, name="t.rejects.csv")
    assert set(Post.objects.filter(source="t").values_list("external_id", flat=True)) == {
        *map(str, range(5)),
        "8",
        "9",
    }
    assert Post.objects.get(external_id="8").title == "café"


def test_rejects_of_a_file_in_another_encoding_are_in_that_encoding(
    bring: Bring, tmp_path: Path
) -> None:
    text = table(
        "id,title,date",
        *(f"{at},Größere Schrift für die Übersicht,2024-01-0{at}" for at in range(1, 8)),
        "8,Schöner drucken,bald",
    )
    bring(text.encode("cp1252"))
    assert "Schöner drucken".encode("cp1252") in (tmp_path / "t.rejects.csv").read_bytes()


def test_rejects_of_json_are_json_with_all_that_was_in_them(bring: Bring, tmp_path: Path) -> None:
    rows = [
        {"id": 1, "title": "Dark mode", "date": "2024-01-01", "tags": ["a"]},
        {"id": 2, "title": "Search", "date": "soon", "tags": ["b", "c"]},
    ]
    bring("\n".join(map(json.dumps, rows)) + "\n{broken\n", name="t.jsonl")
    held = [json.loads(line) for line in (tmp_path / "t.rejects.jsonl").read_text().splitlines()]
    assert held[0] == {
        "line": 2,
        "reason": 'the date "soon" cannot be read',
        "id": 2,
        "title": "Search",
        "date": "soon",
        "tags": ["b", "c"],
    }
    assert held[1]["row"] == "{broken"


# --- What a person is told, and asked ----------------------------------------------------------------------
def test_a_dry_run_shows_what_is_taken_for_what_and_writes_nothing(
    tmp_path: Path, board: Board, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        table(
            "id,comment,What they said,NPS",
            "1,0,Please add a dark theme,9",
            "2,1,Sync is slow,3",
            "3,0,Search finds nothing,8",
            "4,1,Print it,2",
        )
    )
    call_command("import_posts", str(path), "--dry-run")
    said = capsys.readouterr().out
    for words in (
        "What they said  →  body",
        "yes or no",
        "NPS             →  kept with the post",
        "Please add a dark theme",
        "4 rows have no date",
    ):
        assert words in said
    assert said.count("author: nobody") == 3
    assert Post.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "words", "sentence"),
    [
        (
            table("id,title,date", "1,Dark mode,3/5/2024"),
            (),
            r"may be one of several days.*--day-first: 3/5/2024 = 2024-05-03; --month-first",
        ),
        (
            table(
                "id,Q one,Q two",
                "1,I like the list,A dark theme please",
                "2,It is quick,Export to a file",
            ),
            (),
            r'--text-column: "Q',
        ),
        (
            "id,title\n1,Título\n".encode("mac_roman"),
            (),
            r'--encoding: "cp1252" .*"mac_roman" \(Mac Roman: 1,Título\)',
        ),
        (table("17,Dark mode please,2024-01-05"), (), "Say it with --header-line"),
        (table("id,title", "1,Dark mode"), ("--delimiter", "::"), "--delimiter takes"),
        (
            table("id,title", "1,Dark mode"),
            ("--time-zone", "Mars/Olympus"),
            "--time-zone takes a name",
        ),
        (
            table("id,title", "1,Dark mode"),
            ("--map", "votes=Stimmen"),
            'no column "Stimmen" for “Votes elsewhere”.*--map votes=COLUMN',
        ),
    ],
)
def test_what_is_open_ends_with_a_sentence_and_the_option_that_settles_it(
    bring: Bring, content: str | bytes, words: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        bring(content, *words)
    assert Post.objects.count() == 0


def test_the_name_of_a_column_may_hold_commas(bring: Bring) -> None:
    text = table('id,title,"What, and why?"', "1,Dark mode,Because of the night")
    bring(text, "--map", "title=title,body=What, and why?", "--map", "external_id=id")
    assert Post.objects.get().body == "Because of the night"


def test_titles_say_what_is_asked_and_no_ask_is_called_a_greeting(bring: Bring) -> None:
    asks = ["Please add a dark theme.", "Let me export my list.", "Could you add a black theme?"]
    bring(
        table(
            "id,description",
            *(f'{at},"Hi support team,\n\n{ask}\n\nRegards"' for at, ask in enumerate(asks)),
        )
    )
    assert list(Post.objects.order_by("pk").values_list("title", flat=True)) == asks
    assert not Ask.objects.filter(title__istartswith="hi ").exists()


# --- The same reader for all ---------------------------------------------------------------------------
FILES: dict[str, str | bytes] = {
    "semicolons.csv": "id;title;body\n1;Dark;Please, add a dark mode\n2;Export;Please, add an export\n",
    "sep.csv": "sep=;\nid;title;body\n1;Dark;Please, add a dark mode\n2;Export;Please, add an export\n",
    "bars.csv": "id|title|body\n1|Dark|Please, add a dark mode\n2|Export|Please, add an export\n",
    "tabs.tsv": "id\ttitle\tbody\n1\tDark\tPlease, add a dark mode\n2\tExport\tPlease, add an export\n",
    "utf16.csv": 'id,title,body\n1,Dark,"Please, add a dark mode"\n2,Export,"Please, add an export"\n'.encode("utf-16"),
    "lines.jsonl": '{"id": "1", "title": "Dark", "body": "Please, add a dark mode"}\n{"id": "2", "title": "Export", "body": "Please, add an export"}\n',
    "list.json": '[{"id": "1", "title": "Dark", "body": "Please, add a dark mode"}, {"id": "2", "title": "Export", "body": "Please, add an export"}]',
    "nested.json": '{"data": {"posts": [{"id": "1", "title": "Dark", "body": "Please, add a dark mode"}, {"id": "2", "title": "Export", "body": "Please, add an export"}]}}',
    "called.csv": 'number,subject,description\n1,Dark,"Please, add a dark mode"\n2,Export,"Please, add an export"\n',
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_import_posts_and_the_file_commands_read_alike(
    bring: Bring, tmp_path: Path, name: str
) -> None:
    bring(FILES[name], name=name)
    found = read_posts(tmp_path / name)
    stored = Post.objects.order_by("pk").values_list("external_id", "title", "body")
    assert list(stored) == list(zip(found.ids, found.titles, found.texts, strict=True))
    assert found.texts == ["Please, add a dark mode", "Please, add an export"]


def test_ambiguous_dates_do_not_stop_who_needs_none(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(table("id,title,date", "1,Dark mode,3/5/2024"))
    assert read_posts(path).titles == ["Dark mode"]

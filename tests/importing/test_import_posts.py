"""`import_posts`: real files in, posts out, again and again."""

import csv
import gzip
import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from feedback.accounts.models import Origin, User
from feedback.forum.models import Board, Post
from feedback.importing import run as importing
from feedback.sample.choosing import DATA
from tests.processes import command, environment, on_sqlite

pytestmark = pytest.mark.django_db


def run(
    capsys: pytest.CaptureFixture[str], path: Path, *words: str, board: str = "suggestions"
) -> str:
    call_command("import_posts", str(path), "--board", board, *words)
    return capsys.readouterr().out


@pytest.fixture
def table(tmp_path: Path, board: Board) -> Callable[[str], Path]:
    def write(text: str, name: str = "reviews.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding=encoding, newline="")
        return path

    return write


def test_the_sample_keeps_stars_version_country_and_date(
    board: Board, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, DATA / "reviews" / "youtube_reviews.csv", "--limit", "300")
    assert "300 rows read: 300 became posts." in said
    post = Post.objects.get(external_id="yt-604")
    assert (post.rating, post.product_version, post.country) == (3, "11.07", "SG")
    assert post.posted_at.date().isoformat() == "2016-03-04"
    assert post.author.origin == Origin.ANONYMOUS
    # A title that says "None" is none: the words of the body serve.
    assert not Post.objects.filter(title__iexact="none").exists()
    board.refresh_from_db()
    assert board.post_count == 300


def test_the_same_file_twice_makes_nothing_new(
    table: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = table("id,title\n1,Dark mode\n2,Search\n")
    run(capsys, path)
    said = run(capsys, path)
    assert "0 became posts, 2 were there already" in said
    assert Post.objects.count() == 2


def test_rows_without_ids_are_taken_once_and_namesakes_each(
    table: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = table("内容\n不好用\n不好用\n闪退\n", encoding="gb18030")
    run(capsys, path)
    run(capsys, path)
    assert sorted(Post.objects.values_list("title", flat=True)) == ["不好用", "不好用", "闪退"]
    assert User.objects.filter(origin=Origin.ANONYMOUS).count() == 3


def test_one_author_is_one_person(
    table: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, table("id,title,author\n1,a,Lin\n2,b,Lin\n3,c,\n4,d,\n"))
    assert User.objects.filter(origin=Origin.IMPORTED, display_name="Lin").count() == 1
    assert User.objects.filter(origin=Origin.ANONYMOUS).count() == 2


def test_columns_are_mapped_by_the_person(
    table: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = table("Nr,Betreff,Text,Wer\n1,Dunkel,Bitte,Ada\n")
    run(capsys, path, "--map", "title=Betreff,external_id=Nr,author=Wer")
    post = Post.objects.get()
    assert (post.title, post.body, post.author.display_name) == ("Dunkel", "Bitte", "Ada")


def test_every_row_that_is_not_taken_is_in_the_rejects_with_its_line_and_reason(
    table: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = table(
        "id,title,date,stars\n1,fine,2024-01-01,5\n2,bad date,soon,5\n3,,2024-01-01,5\n4,six,2024-01-01,6\n5,too,many,3,cells\n"
    )
    said = run(capsys, path)
    assert "5 rows read: 1 became posts, 4 could not be taken" in said
    with (tmp_path / "reviews.rejects.csv").open(encoding="utf-8", newline="") as file:
        rejects = list(csv.DictReader(file))
    assert {(row["line"], row["reason"]) for row in rejects} == {
        ("3", 'the date "soon" cannot be read'),
        ("4", "there are no words in it"),
        ("5", 'stars are 1 to 5, not "6"'),
        ("6", "it has 5 columns instead of 4"),
    }
    assert next(row for row in rejects if row["line"] == "4")["date"] == "2024-01-01"


def test_mended_rejects_go_in_under_the_same_source(
    table: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run(capsys, table("id,title,date\n1,fine,2024-01-01\n2,late,soon\n"))
    rejects = tmp_path / "reviews.rejects.csv"
    rejects.write_text(rejects.read_text(encoding="utf-8").replace("soon,", "2024-02-02,"))
    said = run(capsys, rejects)
    assert "1 became posts" in said
    assert set(Post.objects.values_list("source", "external_id")) == {
        ("reviews", "1"),
        ("reviews", "2"),
    }


def test_no_rejects_file_without_rejects(
    table: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run(capsys, table("id,title\n1,fine\n"))
    assert not (tmp_path / "reviews.rejects.csv").exists()


def test_json_lines_packed(
    board: Board, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "posts.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for number in range(30):
            file.write(
                json.dumps({"id": number, "text": f"第 {number} 条建议"}, ensure_ascii=False) + "\n"
            )
    run(capsys, path, "--source", "shop")
    assert Post.objects.filter(source="shop").count() == 30


def test_a_board_is_made_when_asked_for(
    table: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = table("id,title\n1,fine\n")
    with pytest.raises(CommandError, match=r'There is no board "ideas".*--create-board'):
        run(capsys, path, board="ideas")
    run(capsys, path, "--create-board", board="ideas")
    assert Post.objects.get().board.slug == "ideas"


@pytest.mark.parametrize(
    ("content", "words", "sentence"),
    [
        ("", (), "is empty"),
        ("id,title\n", (), "has a header and no rows"),
        ("a,b\n1,2\n", (), "no column for title or body"),
        ("id,title\n1,x\n", ("--map", "title"), "--map takes FIELD=COLUMN"),
        ("id,title\n1,x\n", ("--map", "colour=title"), "--map takes FIELD=COLUMN"),
        ("id,title\n1,x\n", ("--map", "title=Subject"), 'no column "Subject"'),
        ("id,title\n1,x\n", ("--source", "a:b"), "A source is a short name"),
        ("id,title,date\n1,x,soon\n", ("--rejects", "/nowhere/at/all.csv"), "cannot be written"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    table: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    content: str,
    words: tuple[str, ...],
    sentence: str,
) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(capsys, table(content), *words)
    assert Post.objects.count() == 0


def test_the_source_is_the_files_own_name() -> None:
    for name in ("My Reviews.csv", "my-reviews.CSV.gz", "my-reviews.rejects.csv", "my:reviews.tsv"):
        assert importing.source_of(Path("/x") / name) == "my-reviews"


@on_sqlite
def test_an_import_that_is_killed_goes_on_where_it_was(
    site: Path, start: Callable[..., Any], manage: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "many.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("id,title,body\n")
        file.writelines(f"{n},Post number {n},with some words {n * 7}\n" for n in range(7_000))
    words = ["import_posts", str(path), "--board", "suggestions"]
    process = start(command(*words), env=environment(site))
    deadline = time.monotonic() + 60
    while _count(site) < 2_000 and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    there = _count(site)
    assert 2_000 <= there < 7_000
    assert there == _recorded(site)  # a batch is there as a whole or not at all
    done = manage(*words)
    assert done.returncode == 0, done.stderr
    assert f"{7_000 - there:,} became posts, {there:,} were there already" in done.stdout
    assert _count(site) == 7_000
    said = manage("doctor").stdout
    assert "votes, comments, boards and asks add up" in said


def _recorded(site: Path) -> int:
    with sqlite3.connect(site / "heed.sqlite3", timeout=20) as database:
        counts = "SELECT SUM(json_extract(data, '$.count')) FROM journal_entry WHERE verb = ?"
        return int(database.execute(counts, ["forum.posts-imported"]).fetchone()[0])


def _count(site: Path) -> int:
    with sqlite3.connect(site / "heed.sqlite3", timeout=20) as database:
        return int(database.execute("SELECT COUNT(*) FROM forum_post").fetchone()[0])

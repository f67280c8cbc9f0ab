"""The exports people hold are known by their own columns: each file in `sources` through the command, with no option but its board."""

import datetime as dt
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from feedback.accounts.models import Origin, User
from feedback.accounts.operations import erase_people
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Board, Comment, OldAddress, Post
from feedback.importing import sources
from tests.importing.test_rows import sheet

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent / "sources"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads(
    (FOLDER / "expected.toml").read_text(encoding="utf-8")
)
FORMATS = {known.key: known for known in sources.formats()}
Imports = Callable[..., str]


@pytest.fixture(autouse=True)
def _in_utc(settings: Any) -> None:
    """Have dates that name no zone read as they stand."""
    settings.TIME_ZONE = "UTC"


@pytest.fixture
def imports(board: Board, capsys: pytest.CaptureFixture[str]) -> Imports:
    def run(name: str, *words: str) -> str:
        call_command("import_posts", str(FOLDER / name), "--board", board.slug, *words)
        return capsys.readouterr().out

    return run


def moment(words: str) -> dt.datetime:
    return dt.datetime.fromisoformat(words).replace(tzinfo=dt.UTC)


def name_of(person: User) -> str:
    return person.display_name


def test_every_format_has_a_file_and_every_file_is_looked_at() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.suffix not in (".toml", ".py")}
    assert files == set(EXPECTED)
    assert {name.partition(".")[0] for name in files} == set(FORMATS)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_known_file_needs_no_options(name: str, imports: Imports) -> None:
    wanted = EXPECTED[name]
    for before in wanted.get("first", []):
        imports(before)
    said = imports(name)
    assert "could not be taken" not in said
    assert "are dated" not in said
    known = FORMATS[name.partition(".")[0]]
    posts = {post.external_id: post for post in Post.objects.select_related("author")}
    assert {post.source for post in posts.values()} == {known.source}
    got = sorted(
        (post.title, name_of(post.author), post.posted_at, post.votes_elsewhere)
        for post in posts.values()
    )
    assert got == sorted(
        (title, author, moment(at), votes) for _id, title, author, at, votes in wanted["posts"]
    )
    assert {one[0] for one in wanted["posts"] if one[0]} <= posts.keys()
    for external_id, body in wanted.get("bodies", {}).items():
        assert posts[external_id].body == body
    for external_id, stars in wanted.get("stars", {}).items():
        assert posts[external_id].rating == stars
    for external_id, kind in wanted.get("kinds", {}).items():
        assert posts[external_id].kind == kind
    for external_id, state in wanted.get("states", {}).items():
        assert state in posts[external_id].fields.values()
    for external_id, tags in wanted.get("tags", {}).items():
        assert tags in posts[external_id].fields.values()


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_comments_come_along_with_their_own_authors_and_dates(name: str, imports: Imports) -> None:
    wanted = EXPECTED[name]
    for one in (*wanted.get("first", []), name):
        imports(one)
    got = [
        (
            comment.post.external_id,
            comment.body.split("\n")[0],
            name_of(comment.author),
            comment.posted_at,
            "official" if comment.is_official else "internal" if comment.is_internal else "",
        )
        for comment in Comment.objects.select_related("post", "author").order_by("posted_at", "pk")
    ]
    assert sorted(got) == sorted(
        (post, body, author, moment(at), said)
        for post, body, author, at, said in wanted["comments"]
    )
    if "people" in wanted:
        assert User.objects.count() == wanted["people"]
    assert set(reconcile_counts().values()) == {0}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_same_file_again_adds_nothing_and_changes_nothing(name: str, imports: Imports) -> None:
    for one in (*EXPECTED[name].get("first", []), name):
        imports(one)
    before = [Model.objects.count() for Model in (Post, Comment, User, OldAddress)]
    said = imports(name, "--update")
    assert [Model.objects.count() for Model in (Post, Comment, User, OldAddress)] == before
    assert "say now what" not in said


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_no_address_of_anybody_is_shown_with_a_post(name: str, imports: Imports) -> None:
    for one in (*EXPECTED[name].get("first", []), name):
        imports(one)
    shown = [
        *(str((post.title, post.body, post.fields)) for post in Post.objects.all()),
        *Comment.objects.values_list("body", flat=True),
        *User.objects.values_list("display_name", flat=True),
        *User.objects.values_list("origin_key", flat=True),
    ]
    assert not [words for words in shown if "@people.example" in words or "@team.example" in words]
    assert not [words for words in shown if "1.2.3." in words]


def test_a_dry_run_says_what_a_file_is_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_posts", str(FOLDER / "fider.csv"), "--dry-run")
    said = " ".join(capsys.readouterr().out.split())
    assert "This is a Fider posts export: it has the columns number, title, description" in said
    assert "https://github.com/getfider/fider/blob/main/app/pkg/csv/csv.go" in said
    assert "known as “fider”" in said
    assert "started" not in said  # no row has that state
    assert "planned → planned" in said
    assert "open → no ask" in said
    assert "comments_count → left out" in said
    assert not Post.objects.exists()


def test_a_format_may_be_said_or_refused(imports: Imports) -> None:
    imports("fider.csv", "--format", "none", "--source", "judged")
    assert Post.objects.get(source="judged", external_id="1").fields["responded_by"] == "Tom Reyes"
    with pytest.raises(Exception, match='There is no format "fyder"'):
        imports("fider.csv", "--format", "fyder")


def test_a_known_spreadsheet_is_known_too(imports: Imports, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["序号", "提交答卷时间", "所用时间", "来源", "来自IP", "1、您对计时器有什么建议？"],
        [
            1,
            "2024/9/3 10:20:30",
            "35秒",
            "微信",
            "1.2.3.6",
            "希望能同时运行多个计时器，现在只能用一个。",
        ],
    ]
    path = sheet(tmp_path, {"Sheet1": rows}, "answers.xlsx")
    imports(str(path))
    post = Post.objects.get(source="wenjuanxing")
    assert post.title == "希望能同时运行多个计时器，现在只能用一个。"
    assert (post.posted_at, post.fields) == (moment("2024-09-03T02:20:30"), {})


def test_rows_that_cannot_be_taken_are_mended_and_known_again(
    imports: Imports, tmp_path: Path
) -> None:
    lines = (
        (FOLDER / "quackback.csv").read_text("utf-8").replace("2025-01-02T03:04:05.000Z", "soon")
    )
    path = tmp_path / "posts.csv"
    path.write_text(lines, "utf-8")
    rejects = tmp_path / "rejects.csv"
    assert "1 could not be taken" in " ".join(imports(str(path), "--rejects", str(rejects)).split())
    assert "→" not in rejects.read_text("utf-8")
    rejects.write_text(rejects.read_text("utf-8").replace("soon", "2025-01-02T03:04:05Z"), "utf-8")
    imports(str(rejects))
    assert set(Post.objects.values_list("source", "external_id")) == {
        ("quackback", "post_01a"),
        ("quackback", "post_01b"),
    }


def test_each_format_says_where_it_was_read() -> None:
    for known in FORMATS.values():
        assert all(address.startswith("https://") for address in known.documented), known.key
        assert known.documented, known.key


def test_the_same_author_across_files_of_one_source_is_one_person(imports: Imports) -> None:
    imports("canny.json")
    imports("canny-comments.json")
    ana = User.objects.get(display_name="Ana Lima")
    assert ana.posts.count() == ana.comments.count() == 1
    assert ana.imported_email == "ana@people.example"
    assert ana.email is None


def test_somebody_known_by_an_id_alone_gets_the_name_that_a_later_row_gives(
    imports: Imports,
) -> None:
    imports("jira.csv")
    ana = User.objects.get(display_name="Ana Lima")
    assert list(ana.comments.values_list("body", flat=True)) == [
        "Six seconds today.\nOn a cold day."
    ]


def test_comments_without_their_posts_say_so_and_come_when_the_posts_are_there(
    imports: Imports,
) -> None:
    said = " ".join(imports("astuto-comments.json").split())
    assert "2 comments answer posts that are not here" in said
    assert not Comment.objects.exists()
    imports("astuto.json")
    assert "2 comments came along" in imports("astuto-comments.json")


def test_rows_without_a_name_are_a_person_each(imports: Imports) -> None:
    imports("quackback.csv")
    assert User.objects.filter(origin=Origin.ANONYMOUS).count() == 1
    assert not User.objects.exclude(origin=Origin.ANONYMOUS).filter(imported_email="").exists()


def test_the_guide_lists_every_format_with_where_it_was_read_and_what_is_not_confirmed() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide" / "importing.md").read_text("utf-8")
    for known in FORMATS.values():
        assert f"| {known.name} | `{known.key}` | `{known.source}` |" in guide
        for said in (*known.documented, *known.unconfirmed):
            assert said in guide, said


def test_an_address_goes_with_its_person_and_stands_on_no_page(
    imports: Imports, ada: User, client_of: Callable[..., Any]
) -> None:
    imports("canny.json")
    ana = User.objects.get(display_name="Ana Lima")
    post = ana.posts.get()
    for path in (f"/people/{ana.public_id}/", f"/posts/{post.public_id}/"):
        for person in (None, ada):
            assert "people.example" not in client_of(person).get(path).content.decode()
    Post.objects.all().delete()
    erase_people(origin="canny")
    assert not User.objects.exclude(imported_email="").exists()


def test_issues_that_were_fetched_page_by_page_are_one_list(
    imports: Imports, tmp_path: Path
) -> None:
    issues = json.loads((FOLDER / "github.json").read_text("utf-8"))
    path = tmp_path / "issues.json"
    path.write_text(json.dumps([issues[:1], issues[1:]]), "utf-8")
    assert "1 rows are no posts: pull requests" in " ".join(imports(str(path)).split())
    assert Post.objects.count() == 2

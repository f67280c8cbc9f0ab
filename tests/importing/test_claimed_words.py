"""Words that came from elsewhere and have been claimed: no file overwrites them, and undoing an import leaves them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from feedback.accounts.claiming.operations import claim_words
from feedback.accounts.models import User
from feedback.forum.models import Board, Comment, Post
from feedback.forum.posts.operations import edit_post
from feedback.importing.models import Import
from feedback.kernel import clock
from tests.accounts.imported import owns

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(board: Board, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Import a table as "github"; return what the command says."""

    def run(text: str, *words: str, name: str = "board.csv") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        capsys.readouterr()
        call_command(
            "import_posts", str(path), "--board", "suggestions", "--source", "github", *words
        )
        return capsys.readouterr().out

    return run


def claim(person: Any, name: str) -> None:
    owns(person, f"{name}@old.example")
    author = User.objects.get(display_name=name)
    claim_words(person=person, authors=[author.public_id], now=clock.now())


def test_a_person_s_own_edit_stands_and_the_file_says_how_many_do(bring: Any, ann: Any) -> None:
    head = "id,title,author,email,votes\n"
    bring(f"{head}1,Dark mode,cleo,cleo@old.example,3\n2,Widgets,dan,,4\n")
    claim(ann, "cleo")
    post = Post.objects.get(external_id="1")
    edit_post(post=post, editor=ann, title="Dark mode at night", body="", now=clock.now())
    said = bring(f"{head}1,Dark theme,cleo,cleo@old.example,9\n2,Wide widgets,dan,,4\n", "--update")
    assert "2 posts say now what their changed rows say" in said
    assert "1 of those already there differ" in said and "have claimed them" in said
    post.refresh_from_db()
    assert (post.title, post.votes_elsewhere) == ("Dark mode at night", 9)
    assert Post.objects.get(external_id="2").title == "Wide widgets"


def test_undoing_an_import_leaves_claimed_replies(bring: Any, ann: Any) -> None:
    bring("id,title,author,email\np1,Dark mode,cleo,cleo@old.example\np2,Widgets,dan,\n")
    replies = (
        "id,post_id,body,author,email\nc1,p2,So would I,cleo,cleo@old.example\nc2,p2,Me too,dan,\n"
    )
    bring(replies, "--map", "comment_on=post_id", name="replies.csv")
    assert Comment.objects.count() == 2
    claim(ann, "cleo")
    one = Import.objects.order_by("id").last()
    assert one is not None
    call_command("undo_import", one.public_id)
    assert Comment.objects.get().author == ann
    assert Post.objects.get(external_id="p2").comment_count == 1


@pytest.mark.parametrize("in_one_batch", [True, False])
def test_of_rows_with_one_id_the_last_counts_and_counts_once(
    bring: Any, monkeypatch: pytest.MonkeyPatch, in_one_batch: bool
) -> None:
    if not in_one_batch:
        monkeypatch.setattr("feedback.forum.posts.bulk.BATCH", 2)
    table = "id,title\n1,First words\n2,Two\n3,Three\n1,Last words\n"
    for _number in range(2):
        bring(table, "--update")
    said = bring(table, "--update")
    assert Post.objects.get(external_id="1").title == "Last words"
    assert "4 rows read: 0 became posts, 4 were there already" in said
    assert "say now" not in said

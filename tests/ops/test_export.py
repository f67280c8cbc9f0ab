"""`export_posts`, and `import_posts --product`."""

import gzip
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from feedback.asks.decisions.confirm import rename_ask
from feedback.forum.models import Board, Post, Product
from feedback.forum.posts.operations import hide_post

pytestmark = pytest.mark.django_db

FIELDS = [
    "external_id",
    "source",
    "product",
    "board",
    "url",
    "title",
    "body",
    "kind",
    "rating",
    "product_version",
    "fields",
    "posted_at",
    "consents",
    "ask",
    "ask_title",
    "ask_state",
    "stage",
]


def export(path, **options):
    call_command("export_posts", output=path, stdout=StringIO(), **options)
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def test_a_row_says_what_a_post_says_and_where_it_is(dark_mode, pia, publish, bo, now, tmp_path):
    rename_ask(ask=dark_mode, title="深色模式", actor=pia, now=now)
    alone = publish(bo, "Alone", body="line one\nline two")
    rows = export(tmp_path / "posts.jsonl")
    assert [list(row) for row in rows] == [FIELDS, FIELDS]
    assert rows[0]["ask"] == dark_mode.public_id
    assert rows[0]["ask_title"] == "深色模式"
    assert (rows[0]["ask_state"], rows[0]["stage"]) == ("PUBLIC", "UNDER_REVIEW")
    assert rows[1] | {"url": ""} == {
        "external_id": alone.public_id,
        "source": "",
        "product": "main",
        "board": "suggestions",
        "url": "",
        "title": "Alone",
        "body": "line one\nline two",
        "kind": "SUGGESTION",
        "rating": None,
        "product_version": "",
        "fields": {},
        "posted_at": "2026-03-06T09:30:00+00:00",
        "consents": ["quote"],
        "ask": None,
        "ask_title": None,
        "ask_state": None,
        "stage": None,
    }
    assert rows[1]["url"].endswith(f"/posts/{alone.public_id}/")


def test_what_is_not_published_is_not_exported(publish, ann, mo, now, tmp_path):
    hide_post(post=publish(ann, "Hidden"), moderator=mo, now=now)
    assert export(tmp_path / "posts.jsonl") == []


def test_one_product_is_exported_compressed(publish, ann, bo, notes_board, tmp_path):
    publish(ann, "Here")
    publish(bo, "There", board=notes_board)
    rows = export(tmp_path / "posts.jsonl.gz", product="notes")
    assert [(row["title"], row["product"]) for row in rows] == [("There", "notes")]
    with pytest.raises(CommandError, match="no product"):
        export(tmp_path / "none.jsonl", product="nowhere")


def test_what_cannot_be_written_leaves_the_old_file(publish, ann, tmp_path):
    publish(ann)
    path = tmp_path / "folder"
    path.mkdir()
    with pytest.raises(CommandError, match="cannot be written"):
        export(path)
    assert list(tmp_path.iterdir()) == [path]


def test_an_export_is_imported_again_as_it_was(publish, ann, bo, notes_board, tmp_path, now):
    publish(ann, "Dark mode", body="At night", kind="SUGGESTION")
    path = tmp_path / "posts.jsonl"
    export(path)
    call_command(
        "import_posts",
        path,
        board="copies",
        create_board=True,
        product="copied",
        stdout=StringIO(),
    )
    copy = Post.objects.get(board__slug="copies")
    assert (copy.title, copy.body, copy.kind) == ("Dark mode", "At night", "SUGGESTION")
    assert copy.board.product == Product.objects.get(slug="copied")
    assert not copy.board.product.is_default


def test_a_board_that_is_another_products_is_no_place(board, tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text("title,body\nDark mode,At night\n", encoding="utf-8")
    with pytest.raises(CommandError, match='one of the product "main"'):
        call_command("import_posts", path, board=board.slug, product="notes", stdout=StringIO())
    with pytest.raises(CommandError, match="letters, digits"):
        call_command("import_posts", path, board="a b", create_board=True, stdout=StringIO())
    assert Board.objects.count() == 1
    assert not Post.objects.exists()

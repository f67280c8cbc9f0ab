"""With one product nobody hears of products; with two every page knows which one it is about."""

import pytest
from django.db import IntegrityError, transaction

from feedback.forum.boards.operations import (
    edit_board,
    make_board,
    make_default_boards,
    open_board,
)
from feedback.forum.models import Board, Product
from feedback.forum.products.operations import default_product, edit_product, make_product
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db

PAGES = ("/", "/asks/", "/roadmap/", "/releases/", "/coverage/", "/search/?q=dark", "/posts/new/")


def text_of(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_a_new_site_has_one_product_and_says_nothing_of_it(client, now, ann, publish):
    boards = make_default_boards(now)
    assert {board.product for board in boards} == {default_product(now=now)}
    publish(ann, board=boards[0])
    for path in (*PAGES, f"/boards/{boards[0].slug}/"):
        page = text_of(client, path)
        assert "product-switch" not in page
        assert "?product=" not in page
    assert client.get("/products/main/")["Location"] == "/"
    assert text_of(client, "/?product=main")
    assert client.get("/asks/?product=nowhere").status_code == 404


def test_with_two_there_is_a_switch_and_a_page_for_each(
    client, ann, bo, publish, board, notes, notes_board
):
    publish(ann, "Dark mode in the app")
    publish(bo, "Dark mode in the notes", board=notes_board)
    page = text_of(client, "/")
    assert "product-switch" in page
    assert 'href="/products/notes/"' in page
    assert "Dark mode in the app" in page
    assert "Dark mode in the notes" in page
    assert "<span>Notes</span>" in page, "each row says what it is about"
    page = text_of(client, "/products/notes/")
    assert "<span>Notes</span>" not in page
    assert "Dark mode in the notes" in page
    assert "Dark mode in the app" not in page
    assert "/boards/notes-ideas/" in page
    assert "/boards/suggestions/" not in page
    # What stands around it leads on within the product.
    assert 'href="/roadmap/?product=notes"' in page
    assert 'href="/asks/?product=notes"' in page


def test_lists_are_of_one_product_when_asked(
    client, ann, bo, pia, publish, make_ask, notes_board, now
):
    make_ask(publish(ann, "Dark mode in the app"))
    make_ask(publish(bo, "Dark mode in the notes", board=notes_board))
    for path in ("/asks/", "/search/?q=dark"):
        both = text_of(client, path)
        assert "Dark mode in the app" in both
        assert "Dark mode in the notes" in both
        assert "<span>Notes</span>" in both
        one = text_of(client, path + ("&" if "?" in path else "?") + "product=notes")
        assert "Dark mode in the notes" in one
        assert "Dark mode in the app" not in one
    page = text_of(client, "/asks/?product=notes")
    assert "product=notes&amp;stage=PLANNED" in page or "stage=PLANNED&amp;product=notes" in page


def test_a_page_in_chinese_has_the_chinese_name(client, notes, notes_board):
    page = client.get("/products/notes/", headers={"Accept-Language": "zh-CN"})
    assert "笔记" in page.content.decode()


def test_whoever_writes_chooses_among_the_boards_of_the_product(
    client_of, ann, board, notes, notes_board
):
    client = client_of(ann)
    page = text_of(client, "/posts/new/")
    assert "Notes: Ideas" in page
    answer = client.post("/posts/new/", {"title": "Dark mode", "kind": "SUGGESTION"})
    assert answer.status_code == 422, "which product it is about nobody can guess"
    page = text_of(client, "/posts/new/?product=notes")
    assert "notes-ideas" in page
    assert "suggestions" not in page
    client.post("/posts/new/?product=notes", {"title": "Dark mode", "kind": "SUGGESTION"})
    assert notes_board.posts.get().title == "Dark mode"


def test_similar_while_typing_is_of_the_board_that_was_chosen(
    two_products, encoder, client, notes_board
):
    typed = {"title": "Add a dark mode", "board": notes_board.slug}
    page = client.post("/posts/similar/", typed).content.decode()
    here = {post.public_id for theme in two_products.main.values() for post in theme}
    there = {post.public_id for theme in two_products.notes.values() for post in theme}
    assert any(one in page for one in there)
    assert not any(one in page for one in here)


def test_there_is_one_default_product_for_ever(product, notes, now):
    assert default_product(now=now) == product
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=notes.pk).update(is_default=True)


def test_making_and_naming_a_product_is_in_the_journal(pia, now):
    made = make_product(slug="notes", name=" Notes ", actor=pia, now=now)
    edit_product(product=made, name="Noted", name_zh="记事", actor=pia, now=now)
    made.refresh_from_db()
    assert (made.slug, made.name, made.name_zh) == ("notes", "Noted", "记事")
    verbs = Entry.objects.filter(actor_id=pia.pk).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["forum.product-made", "forum.product-edited"]
    with pytest.raises(Refusal, match="already"):
        make_product(slug="notes", name="Other", actor=pia, now=now)
    with pytest.raises(Refusal, match="name"):
        edit_product(product=made, name="  ", actor=pia, now=now)


def test_a_board_that_is_grouped_from_now_on_is_read(
    board, pia, ann, publish, now, run_jobs, encoder
):
    from feedback.grouping.models import Vector

    edit_board(board=board, is_grouped=False, actor=pia, now=now)
    board.refresh_from_db()
    publish(ann, "Dark mode")
    run_jobs()
    assert not Vector.objects.exists()
    edit_board(board=board, is_grouped=True, actor=pia, now=now)
    run_jobs()
    assert Vector.objects.count() == 1


def test_the_slug_of_a_board_is_the_sites(board, notes, now):
    assert make_board(slug=board.slug, name="Other", product=notes, now=now) == board
    assert Board.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_address_taken_twice_at_once_is_given_once(product, pia, now):
    def make(name):
        return lambda: make_product(slug="notes", name=name, actor=pia, now=now)

    def open_(name):
        return lambda: open_board(slug="ideas", name=name, product=product, actor=pia, now=now)

    for act, kind in ((make, "Product"), (open_, "Board")):
        outcomes = at_once(*[act(name) for name in ("One", "Two", "Three", "Four")])
        assert sorted(type(one).__name__ for one in outcomes) == [kind, *["Refusal"] * 3]
    verbs = Entry.objects.filter(actor_id=pia.pk).values_list("verb", flat=True)
    assert sorted(verbs) == ["forum.board-made", "forum.product-made"]

"""The team makes products and boards on the desk, and works on one product at a time."""

import pytest

from feedback.asks.models import Decision, Proposal
from feedback.forum.models import Board, Product

pytestmark = pytest.mark.django_db

WORDS = {"name": "Notes", "name_zh": "笔记", "description": "", "description_zh": ""}


def test_a_product_and_its_first_board_are_made_without_the_admin(desk, product):
    page = desk.post("/desk/product/new/", {"slug": "notes", "position": 20, **WORDS})
    assert page["Location"] == "/desk/products/notes/boards/new/"
    made = desk.post(
        page["Location"],
        {"slug": "ideas", "position": 10, "is_grouped": "on", **WORDS, "name": "Ideas"},
    )
    assert made["Location"] == "/desk/boards/"
    board = Board.objects.get(slug="ideas")
    assert (board.product.slug, board.name_zh, board.is_grouped) == ("notes", "笔记", True)
    assert "Ideas" in desk.get("/desk/boards/").content.decode()


@pytest.mark.parametrize(
    ("slug", "name"), [("main", "Main"), ("not a slug", "Notes"), ("", "Notes"), ("notes", " ")]
)
def test_a_product_that_will_not_do_keeps_what_was_written(desk, product, slug, name):
    answer = desk.post("/desk/product/new/", {"slug": slug, "position": 20, **WORDS, "name": name})
    assert answer.status_code == 422
    assert "笔记" in answer.content.decode()
    assert Product.objects.count() == 1


def test_a_product_may_be_called_new(desk, product):
    desk.post("/desk/product/new/", {"slug": "new", "position": 20, **WORDS})
    made = Product.objects.get(slug="new")
    desk.post("/desk/products/new/", {"position": 20, **WORDS, "name": "Newer"})
    made.refresh_from_db()
    assert made.name == "Newer"


def test_a_board_is_changed_and_archived(desk, board):
    answer = desk.post(
        f"/desk/boards/{board.slug}/",
        {"position": 5, **WORDS, "name": "Ideas", "posters": "TEAM", "is_archived": "on"},
    )
    assert answer.status_code == 302
    board.refresh_from_db()
    assert (board.name, board.position, board.is_grouped) == ("Ideas", 5, False)
    assert (board.posters, board.is_archived) == ("TEAM", True)


def test_a_board_stands_inside_another_one_level_deep(desk, board, product, client_of):
    def put(slug, parent):
        return desk.post(f"/desk/boards/{slug}/", {"position": 5, **WORDS, "parent": parent.pk})

    inner, other = (Board.objects.create(product=product, slug=slug, name=slug) for slug in "ab")
    assert put("a", board).status_code == 302
    inner.refresh_from_db()
    assert inner.parent == board
    assert f'href="/boards/{board.slug}/"' in client_of(None).get("/boards/a/").content.decode()
    Board.objects.filter(pk=board.pk).update(is_archived=True)
    assert put("a", board).status_code == 302, "It may stay inside one that is archived by now."
    Board.objects.filter(pk=board.pk).update(is_archived=False)
    assert put("b", inner).status_code == 422
    assert put(board.slug, other).status_code == 422
    assert put("a", inner).status_code == 422
    elsewhere = Product.objects.create(slug="notes", name="Notes", created_at=product.created_at)
    far = Board.objects.create(product=elsewhere, slug="far", name="Far")
    assert put("b", far).status_code == 422
    assert put("a", Board(pk="")).status_code == 302
    inner.refresh_from_db()
    assert inner.parent is None


def test_with_one_product_the_desk_speaks_of_boards_alone(desk, board):
    page = desk.get("/desk/boards/").content.decode()
    assert "desk-product" not in page
    assert "Move to another product" not in desk.get("/desk/boards/suggestions/").content.decode()
    assert "Rename" not in page


def test_a_board_moves_to_another_product_and_back(desk, board, notes, ann, publish, make_ask):
    ask = make_ask(publish(ann))
    page = desk.post("/desk/boards/suggestions/move/", {"product": "notes"}, follow=True)
    board.refresh_from_db()
    assert board.product == notes
    assert not ask.memberships.exists()
    assert "is a board of Notes now" in page.content.decode()
    desk.post(f"/desk/decisions/{Decision.objects.get().public_id}/undo/")
    board.refresh_from_db()
    assert board.product != notes
    assert ask.memberships.count() == 1


def test_a_board_that_cannot_move_says_why(desk, board, notes):
    here = f"/desk/boards/{board.slug}/"
    desk.post(f"{here}move/", {"product": "notes"})
    page = desk.post(f"{here}move/", {"product": "notes"}, follow=True)
    assert "is a board of this product already" in page.content.decode()
    assert desk.post(f"{here}move/", {"product": "nowhere"}).status_code == 404
    assert Decision.objects.count() == 1


def test_a_post_moves_to_a_board_of_another_product(desk, board, notes_board, ann, publish):
    post = publish(ann)
    address = f"/desk/posts/{post.public_id}/board/"
    assert address in desk.get(f"/posts/{post.public_id}/").content.decode()
    page = desk.get(address).content.decode()
    assert "Notes: Ideas" in page
    assert f'href="/posts/{post.public_id}/">Cancel' in page
    said = {"board": "notes-ideas", "word": "It is about notes."}
    assert desk.post(address, said).status_code == 302
    post.refresh_from_db()
    assert post.board == notes_board
    desk.post("/desk/product/", {"product": "notes"})
    assert "moved to another product" in desk.get("/desk/decisions/").content.decode()


def test_the_team_works_on_the_product_it_picked(
    desk, board, notes, notes_board, ann, bo, publish, make_ask, now
):
    for number, (author, where) in enumerate(((ann, board), (bo, notes_board))):
        ask = make_ask(
            publish(author, f"Wish of {where.slug}", board=where),
            publish(author, f"Another of {where.slug}", board=where),
            state="PROPOSED",
        )
        Proposal.objects.create(
            kind="NEW_ASK", fingerprint=f"new:{number}", ask=ask, proposed_at=now
        )
    pages = ("/desk/", "/desk/asks/?state=proposed")
    for page in pages:
        words = desk.get(page).content.decode()
        assert "Wish of suggestions" in words
        assert "Wish of notes-ideas" not in words
    assert desk.post("/desk/product/", {"product": "notes"})["Location"] == "/desk/"
    for page in pages:
        words = desk.get(page).content.decode()
        assert "Wish of notes-ideas" in words
        assert "Wish of suggestions" not in words
    assert desk.post("/desk/product/", {"product": "nowhere"}).status_code == 404


def test_what_is_opened_by_its_own_address_stands_in_its_own_product(
    desk, board, notes, notes_board, ann, publish, make_ask, now
):
    asks = [
        make_ask(publish(ann, f"Wish of {where.slug}", board=where), state="PROPOSED")
        for where in (board, notes_board)
    ]
    here, there = (
        Proposal.objects.create(
            kind="NEW_ASK", fingerprint=f"new:{number}", ask=ask, proposed_at=now
        )
        for number, ask in enumerate(asks)
    )
    page = desk.get(f"/desk/proposals/{there.public_id}/")
    assert [row.public_id for row in page.context["proposals"]] == [there.public_id]
    for address in (
        f"proposals/{there.public_id}",
        f"asks/{asks[1].public_id}",
        "boards/notes-ideas",
        f"posts/{notes_board.posts.get().public_id}/board",
    ):
        assert desk.get(f"/desk/{address}/").context["product"] == notes, address
    assert desk.get("/desk/").context["proposal"] == here


def test_every_page_of_the_desk_opens_for_a_product_without_anything(desk, notes):
    desk.post("/desk/product/", {"product": "notes"})
    for page in (
        "",
        "asks/",
        "areas/",
        "areas/none/",
        "questions/",
        "trends/",
        "quality/",
        "quality/judge/",
        "too-little/",
        "decisions/",
        "encoder/",
        "boards/",
        "progress/",
    ):
        assert desk.get(f"/desk/{page}").status_code == 200, page


def test_regrouping_is_asked_for_the_picked_product(desk, notes):
    desk.post("/desk/product/", {"product": "notes"})
    desk.post("/desk/regroup/")
    assert notes.runs.get().state == "WAITING"

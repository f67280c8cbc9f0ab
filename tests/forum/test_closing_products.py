"""Closing a product closes its boards; none of it is opened by the way."""

import pytest

from feedback.asks.decisions.rehouse import move_board
from feedback.forum.boards.operations import edit_board, make_board, open_board
from feedback.forum.models import Board, Post, Product
from feedback.forum.products.operations import default_product, edit_product, make_product
from feedback.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(pia, ann, publish, now):
    """A product with a board and a post, closed."""
    default_product(now=now)
    product = make_product(slug="lab", name="Lab", actor=pia, now=now)
    board = open_board(slug="wishes", name="Wishes", product=product, actor=pia, now=now)
    publish(ann, "A wish", board=board)
    return edit_product(product=product, is_closed=True, actor=pia, now=now)


def test_its_boards_are_the_team_s_from_then_on(closed):
    assert Board.objects.get(slug="wishes").readers == "TEAM"
    assert Post.objects.get().state == Post.State.INSIDE


def test_opened_again_its_boards_stay_closed_until_somebody_opens_each(closed, pia, now):
    edit_product(product=closed, is_closed=False, actor=pia, now=now)
    board = Board.objects.get(slug="wishes")
    assert board.readers == "TEAM"
    edit_board(board=board, readers="EVERYONE", actor=pia, now=now)
    assert Post.objects.get().state == Post.State.PUBLISHED


def test_nobody_opens_a_board_of_it(closed, pia, now):
    with pytest.raises(Refusal, match="Open the product first"):
        edit_board(board=Board.objects.get(slug="wishes"), readers="EVERYONE", actor=pia, now=now)
    with pytest.raises(Refusal, match="Open the product first"):
        open_board(slug="b", name="B", product=closed, actor=pia, now=now, readers="EVERYONE")
    assert make_board(slug="c", name="C", product=closed, now=now).readers == "TEAM"


def test_a_board_that_everybody_reads_is_not_moved_into_it(closed, pia, board, now):
    with pytest.raises(Refusal, match="Say first who reads the board"):
        move_board(board=board, to=closed, actor=pia, now=now)
    edit_board(board=board, readers="MEMBERS", actor=pia, now=now)
    move_board(board=Board.objects.get(pk=board.pk), to=closed, actor=pia, now=now)
    assert Board.objects.get(pk=board.pk).product == closed


def test_the_first_product_stays_open(pia, now):
    with pytest.raises(Refusal, match="The first product stays open"):
        edit_product(product=default_product(now=now), is_closed=True, actor=pia, now=now)
    assert not Product.objects.get().is_closed


def test_on_the_desk(closed, pia, client_of):
    desk = client_of(pia)
    page = desk.get("/desk/boards/").content.decode()
    assert "Closed: only those who read one of its boards know of it." in page
    form = desk.get("/desk/products/lab/boards/new/").content.decode()
    assert 'value="EVERYONE"' not in form.split('name="readers"')[1].split("</select>")[0]
    made = {"slug": "ideas", "name": "Ideas", "position": "10", "posters": "MEMBERS"}
    desk.post("/desk/products/lab/boards/new/", made)
    assert Board.objects.get(slug="ideas").readers == "TEAM"

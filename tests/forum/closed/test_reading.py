"""Who reads a closed board, and what the others get: that it is not there."""

import pytest

from feedback.forum.closed.naming import take_off_board
from feedback.forum.models import Board, Comment, Post, Vote

pytestmark = pytest.mark.django_db


def pages(ring):
    """The addresses at which it could be asked for."""
    return (
        f"/boards/{ring.board.slug}/",
        f"/posts/{ring.post.public_id}/",
        f"/comments/{ring.comment.public_id}/",
        f"/comments/{ring.comment.public_id}/history/",
        f"/posts/{ring.post.public_id}/people/",
        f"/report/post/{ring.post.public_id}/",
        f"/report/comment/{ring.comment.public_id}/",
    )


def test_its_ring_reads_posts_votes_and_answers_as_anywhere(client_of, ring):
    eve = client_of(ring.eve)
    page = eve.get("/boards/lab/").content.decode()
    assert "Marzipan is broken" in page
    assert "A closed board" in page
    assert 'href="/boards/lab/"' in eve.get("/").content.decode(), "it is among her boards"
    assert eve.post(f"/posts/{ring.post.public_id}/vote/").status_code == 302
    assert Vote.objects.filter(post=ring.post, person=ring.eve).exists()
    eve.post(f"/posts/{ring.post.public_id}/comments/", {"body": "It is gone in the next build."})
    assert Comment.objects.filter(post=ring.post, author=ring.eve).count() == 2
    sent = {"title": "Another", "kind": "BUG", "board": "lab"}
    made = eve.post("/posts/new/", sent)
    assert "Another" in eve.get(made["Location"]).content.decode()
    assert Post.objects.get(title="Another").state == Post.State.INSIDE
    ring.board.refresh_from_db()
    assert ring.board.post_count == 2
    assert "Another" in eve.get("/?sort=mine").content.decode()


@pytest.mark.parametrize("who", ["visitor", "ann"])
def test_for_others_it_is_not_there(client_of, ring, ann, who):
    client = client_of(ann if who == "ann" else None)
    for path in pages(ring):
        answer = client.get(path)
        wanted = 302 if who == "visitor" and path.endswith("/people/") else 404
        assert answer.status_code == wanted, path
    for path in ("/", "/?sort=new", "/search/?q=marzipan", "/posts/new/?board=lab", "/rules/log/"):
        page = client.get(path).content.decode()
        assert "Marzipan is" not in page
        assert "Quokka" not in page


def test_a_member_can_do_nothing_there(client_of, ring, ann):
    client = client_of(ann)
    post = f"/posts/{ring.post.public_id}"
    for path in (f"{post}/vote/", f"{post}/comments/", "/follow/board/lab/"):
        assert client.post(path, {"body": "Let me in"}).status_code == 404, path
    assert client.post(f"/comments/{ring.comment.public_id}/hide/").status_code == 404
    sent = {"title": "Let me in", "kind": "BUG", "board": "lab"}
    assert client.post("/posts/new/", sent).status_code == 422
    assert not Post.objects.filter(author=ann).exists()


def test_the_team_reads_every_board(client_of, ring, mo):
    assert "Marzipan is broken" in client_of(mo).get("/boards/lab/").content.decode()
    assert (
        "Marzipan here too" in client_of(mo).get(f"/posts/{ring.post.public_id}/").content.decode()
    )


def test_who_is_taken_off_reads_it_no_more_not_even_their_own_words(client_of, ring, pia, now):
    dan = client_of(ring.dan)
    assert dan.get(f"/posts/{ring.post.public_id}/").status_code == 200
    assert take_off_board(board=ring.board, person=ring.dan, actor=pia, now=now)
    for path in pages(ring):
        assert dan.get(path).status_code == 404, path
    assert "Marzipan" not in dan.get("/?sort=mine").content.decode()
    assert "Marzipan" not in dan.get(f"/people/{ring.dan.public_id}/").content.decode()


@pytest.mark.parametrize(
    ("readers", "visitor", "member", "team"),
    [("EVERYONE", 200, 200, 200), ("MEMBERS", 404, 200, 200), ("TEAM", 404, 404, 200)],
)
def test_who_reads_is_said_on_the_desk(
    client_of, ring, ann, mo, pia, readers, visitor, member, team
):
    words = {"name": "Lab", "name_zh": "", "description": "", "description_zh": "", "position": 5}
    page = client_of(pia).post("/desk/boards/lab/", words | {"readers": readers})
    assert page.status_code == 302
    for who, wanted in ((None, visitor), (ann, member), (mo, team)):
        client = client_of(who)
        assert client.get("/boards/lab/").status_code == wanted
        assert client.get(f"/posts/{ring.post.public_id}/").status_code == wanted
    feed = client_of(ann).get("/feeds/boards/lab/")
    assert feed.status_code == (200 if readers == "EVERYONE" else 404), "a feed has no session"


def test_saving_something_else_never_opens_a_board(client_of, ring, pia):
    words = {"name": "Lab", "name_zh": "", "description": "", "description_zh": "", "position": 5}
    assert client_of(pia).post("/desk/boards/lab/", words).status_code == 302
    assert Board.objects.get(slug="lab").readers == "RING"


def test_a_manager_names_people_and_takes_them_off(client_of, ring, ann, pia, mo):
    desk = client_of(pia)
    page = desk.post("/desk/boards/lab/people/", {"person": "ann"})
    assert page.status_code == 302
    assert client_of(ann).get("/boards/lab/").status_code == 200
    said = desk.get("/desk/boards/lab/people/").content.decode()
    assert "Ann" in said
    assert desk.post("/desk/boards/lab/people/", {"person": "nobody"}).status_code == 422
    assert client_of(mo).post("/desk/boards/lab/people/", {"person": "ann"}).status_code == 403
    desk.post(f"/desk/boards/lab/people/{ann.public_id}/off/")
    assert client_of(ann).get("/boards/lab/").status_code == 404


def test_two_of_one_name_are_told_apart_by_their_address(client_of, ring, pia, person):
    person("Sam", email="one@example.org")
    two = person("Sam", email="two@example.org")
    desk = client_of(pia)
    page = desk.post("/desk/boards/lab/people/", {"person": "Sam"})
    assert page.status_code == 422
    assert "address instead" in page.content.decode()
    desk.post("/desk/boards/lab/people/", {"person": "two@example.org"})
    assert client_of(two).get("/boards/lab/").status_code == 200


def test_an_open_board_inside_a_closed_one_does_not_name_it(client_of, ring, product, ann):
    Board.objects.create(product=product, slug="open", name="Open", parent=ring.board)
    assert "Quokka" not in client_of(ann).get("/boards/open/").content.decode()
    assert "Quokka" in client_of(ring.eve).get("/boards/open/").content.decode()

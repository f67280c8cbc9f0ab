"""Whoever reads a closed board finds what stands on it, there and nowhere else."""

import pytest

from feedback.forum import allowed
from feedback.forum.closed import searching
from feedback.forum.comments.operations import comment
from feedback.forum.posts.operations import hide_post
from feedback.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(client_of, ring):
    """Search the closed board as ``reader``: the titles of what is found."""

    def search(typed, reader=None, page=1):
        query = {"q": typed} | ({"page": page} if page > 1 else {})
        answer = client_of(reader or ring.eve).get("/boards/lab/", query)
        assert answer.status_code == 200
        return [row.post.title for row in answer.context["page"].rows]

    return search


def test_its_ring_finds_by_word_in_title_and_text_however_it_is_written(found, ring, publish, mo):
    publish(ring.dan, "Le café", board=ring.board)
    publish(ring.dan, "深色模式", body="晚上太亮", board=ring.board)
    assert found("marzipan") == ["Marzipan is broken"]
    assert found("CRASH marzipan") == ["Marzipan is broken"]
    assert found("cafe") == ["Le café"]
    assert found("太亮") == ["深色模式"]
    assert found("深色", reader=mo) == ["深色模式"]
    assert found("quark") == []


def test_the_title_goes_before_the_text_and_pages_follow(found, ring, publish):
    for n in range(30):
        publish(ring.dan, f"Text {n}", body="Nougat.", board=ring.board, now=clock.now())
    publish(ring.dan, "Nougat", board=ring.board)
    first, second = found("nougat"), found("nougat", page=2)
    assert first[0] == "Nougat"
    assert len(first) == 25 and len(second) == 6
    assert not set(first) & set(second)


def test_what_is_hidden_there_is_not_found(found, ring, mo):
    hide_post(post=ring.post, moderator=mo, now=clock.now())
    assert found("marzipan") == []


def test_it_says_how_many_and_leads_back(client_of, ring):
    page = client_of(ring.eve).get("/boards/lab/?q=marzipan").content.decode()
    assert "1 post with “marzipan”." in page
    assert 'value="marzipan"' in page
    assert 'href="/boards/lab/"' in page
    assert "Nothing here has “quark”." in (
        client_of(ring.eve).get("/boards/lab/?q=quark").content.decode()
    )


def test_nobody_else_learns_anything(client_of, ring, ann):
    for person in (None, ann):
        for typed in ("marzipan", "quark"):
            assert client_of(person).get(f"/boards/lab/?q={typed}").status_code == 404
            page = client_of(person).get(f"/search/?q={typed}").content.decode()
            assert "Marzipan is" not in page
    assert "Marzipan is" not in client_of(ring.eve).get("/search/?q=marzipan").content.decode()


def test_an_open_board_has_the_search_of_the_site(client_of, ring, publish, ann, board):
    publish(ann, "Nougat")
    page = client_of(ann).get(f"/boards/{board.slug}/?q=marzipan").content.decode()
    assert "Nougat" in page and "board-search" not in page


def test_only_the_newest_are_read(found, ring, publish, monkeypatch, frozen):
    monkeypatch.setattr(searching, "READ", 1)
    frozen.shift(60)
    publish(ring.dan, "Nougat", board=ring.board)
    assert found("nougat") == ["Nougat"]
    assert found("marzipan") == []


def test_searching_too_often_waits(client_of, ring):
    client = client_of(ring.eve)
    assert client.get("/boards/lab/?q=marzipan").status_code == 200
    for _ in range(59):
        allowed.spend(allowed.SEARCHES, ring.eve, now=clock.now())
    assert client.get("/boards/lab/?q=marzipan").status_code == 429


def test_comments_are_not_looked_through(found, ring):
    comment(post=ring.post, author=ring.eve, body="Praline", now=clock.now())
    assert found("praline") == []

"""A large board is closed in short transactions: nobody waits, and a worker that is killed leaves the rest to the next."""

import pytest

from feedback.asks.models import Ask, Membership
from feedback.forum.boards.operations import edit_board
from feedback.forum.closed import standing
from feedback.forum.closed.standing import boards_following, follow_boards
from feedback.forum.models import Board, Post
from feedback.journal.models import Entry
from feedback.journal.operations import deliver_due
from feedback.kernel import clock
from tests.writes import MOST, counted_writes, many_posts

POSTS = MOST + 100


@pytest.fixture
def full(board, ann):
    """The board with many posts, each in an ask of its own."""
    now = clock.now()
    posts = many_posts(board=board, authors=[ann], count=POSTS, indexed_as="old")
    asks = Ask.objects.bulk_create(
        Ask(
            public_id=f"asks{post.pk:07d}",
            product=board.product,
            title=post.title,
            medoid=post,
            state=Ask.State.PUBLIC,
            created_at=now,
            post_count=1,
            people_count=1,
        )
        for post in posts
    )
    Membership.objects.bulk_create(
        Membership(post=post, ask=ask, source="MACHINE", score=0.9, model_key="x", placed_at=now)
        for post, ask in zip(posts, asks, strict=True)
    )
    return board


def inside():
    return Post.objects.filter(state=Post.State.INSIDE).count()


@pytest.mark.django_db(transaction=True)
def test_no_transaction_of_it_writes_more_than_a_thousand_rows(full, pia, monkeypatch):
    monkeypatch.setattr("feedback.kernel.turns.time.sleep", lambda seconds: None)
    with counted_writes() as written:
        edit_board(board=full, readers="TEAM", actor=pia, now=clock.now())
        assert 0 < inside() < POSTS
        follow_boards(now=clock.now())
        assert inside() == POSTS
        while deliver_due(now=clock.now()):
            pass
    assert written.most <= MOST
    assert not Ask.objects.exclude(post_count=0).exists()
    assert boards_following() == {}


@pytest.mark.django_db
def test_what_is_left_is_said_and_goes_on_after_a_kill(full, pia, client_of, monkeypatch):
    class Killed(BaseException):
        pass

    answer = client_of(pia).post(
        f"/desk/boards/{full.slug}/", words_of(full) | {"readers": "TEAM"}, follow=True
    )
    assert "850 posts follow in a moment" in answer.content.decode()

    move, calls = standing._move, []

    def dying(*what):
        calls.append(what)
        if len(calls) == 2:
            raise Killed
        return move(*what)

    with monkeypatch.context() as first, pytest.raises(Killed):
        first.setattr(standing, "_move", dying)
        follow_boards(now=clock.now())
    assert inside() == 2 * standing.AT_ONCE
    follow_boards(now=clock.now())
    assert inside() == POSTS
    said = Entry.objects.filter(verb="forum.board-readers-changed").order_by("pk")
    assert [(one.data["from"], one.data["to"]) for one in said] == [
        ("EVERYONE", "TEAM"),
        ("TEAM", "TEAM"),
    ]
    assert "follow in a moment" not in client_of(pia).get("/desk/boards/").content.decode()


@pytest.mark.django_db
def test_who_opens_it_again_meanwhile_has_all_of_them_back(full, pia):
    edit_board(board=full, readers="TEAM", actor=pia, now=clock.now())
    full.refresh_from_db()
    edit_board(board=full, readers="EVERYONE", actor=pia, now=clock.now())
    follow_boards(now=clock.now())
    assert inside() == 0
    assert Board.objects.get(pk=full.pk).readers == "EVERYONE"


def words_of(board):
    return {
        "name": board.name,
        "name_zh": board.name_zh,
        "position": board.position,
        "posters": board.posters,
        "commenters": board.commenters,
        "voters_seen_by": board.voters_seen_by,
        "is_grouped": "on",
    }

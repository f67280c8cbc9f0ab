"""Posts go in and out with their board: search, asks and counts lose them as if they were hidden, and have them back."""

import pytest

from feedback.asks.decisions.rehouse import move_post_to
from feedback.forum import own_data
from feedback.forum.boards.operations import edit_board
from feedback.forum.closed.naming import take_off_board
from feedback.forum.closed.standing import follow_boards, wrongly_public
from feedback.forum.counts import reconcile_counts
from feedback.forum.models import Post
from feedback.forum.moderation.at_once import hide_at_once, show_at_once
from feedback.forum.posts.bulk import ImportRow, import_rows
from feedback.forum.posts.operations import edit_post, publish_post, withdraw_post
from feedback.forum.search import index
from feedback.forum.votes.operations import vote
from feedback.journal.models import Entry
from feedback.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def close(board, pia, now):
    """Close the board for suggestions, or open it: ``close("EVERYONE")``."""

    def run(readers="RING"):
        return edit_board(board=board, readers=readers, actor=pia, now=now)

    return run


def found(words):
    index.index_pending(100)
    return [pk for pk, _score in index.find(words, limit=10)]


def test_a_board_that_closes_takes_its_posts_along_and_opened_gives_them_back(
    client, close, ann, bo, publish, make_ask, notes_board, product, deliver, now
):
    notes_board.product = product
    notes_board.save()
    here = publish(ann, "Gherkin theme for the night")
    vote(post=here, person=bo, now=now)
    there = publish(ann, "A dark theme", board=notes_board)
    ask, alone = make_ask(here, there, title="Dark"), make_ask(publish(bo, "Gherkin alone"))
    ask.keywords, ask.titles = ["gherkin"], {"zh": "Gherkin"}
    ask.save(update_fields=["keywords", "titles"])
    deliver()
    ask.refresh_from_db()
    before = (ask.post_count, ask.people_count, ask.title)
    assert before[:2] == (2, 2)

    close()
    deliver()
    here.refresh_from_db()
    ask.refresh_from_db()
    assert here.state == Post.State.INSIDE
    assert (ask.post_count, ask.people_count) == (1, 1)
    assert ask.title == "A dark theme", "no word of it is left in the title the machine took"
    assert found("gherkin") == []
    for path in ("/", "/asks/", f"/asks/{ask.public_id}/", "/search/?q=gherkin", "/feeds/posts/"):
        assert "herkin theme" not in client.get(path).content.decode(), path
    assert client.get(f"/asks/{alone.public_id}/").status_code == 404, "all of it is closed"
    assert "Gherkin alone" not in client.get("/asks/").content.decode()
    assert (here.vote_count, here.votes.count()) == (2, 2)

    assert (ask.keywords, ask.titles) == ([], {}), "nor in what else it wrote"

    close("EVERYONE")
    deliver()
    ask.refresh_from_db()
    assert (ask.post_count, ask.people_count) == before[:2]
    assert here.pk in found("gherkin")
    assert client.get(f"/asks/{alone.public_id}/").status_code == 200
    assert reconcile_counts()["boards"] == 0


def test_other_readers_move_no_post(close, ann, publish):
    publish(ann, "Gherkin")
    close("RING")
    close("TEAM")
    moved = Entry.objects.filter(verb="forum.board-readers-changed").order_by("pk")
    assert [entry.data["posts"] for entry in moved] == [1, 0]
    assert Post.objects.get().state == Post.State.INSIDE


def test_moderation_brings_back_what_the_board_allows(close, ann, mo, publish, ruled, reported):
    post = publish(ann, "Gherkin")
    hide_at_once(thing=post, actor=mo, now=post.posted_at)
    close()
    assert show_at_once(thing=Post.objects.get(), actor=mo, now=post.posted_at)
    assert Post.objects.get().state == Post.State.INSIDE
    assert hide_at_once(thing=Post.objects.get(), actor=mo, now=post.posted_at)
    close("EVERYONE")
    assert Post.objects.get().state == Post.State.HIDDEN, "opening a board shows nothing hidden"
    show_at_once(thing=Post.objects.get(), actor=mo, now=post.posted_at)
    assert Post.objects.get().state == Post.State.PUBLISHED
    assert reconcile_counts()["boards"] == 0


def test_what_was_held_is_published_inside(close, board, ann, mo, ruled, now):
    held = publish_post(board=board, author=ann, title="Gherkin", now=now, held_for=["FIRST"])
    close()
    ruled(held.cases.get(), mo, "KEEP")
    held.refresh_from_db()
    board.refresh_from_db()
    assert (held.state, board.post_count) == (Post.State.INSIDE, 1)
    assert found("gherkin") == []


def test_its_author_edits_and_withdraws_it_there(close, ann, publish, board, now):
    post = publish(ann, "Gherkin")
    close()
    post.refresh_from_db()
    assert edit_post(post=post, editor=ann, title="Cucumber", body="", now=now)
    assert found("cucumber") == []
    assert withdraw_post(post=post, author=ann, now=now)
    board.refresh_from_db()
    assert board.post_count == 0


def test_a_post_that_moves_stands_as_its_new_board_does(
    close, ann, pia, publish, board, product, notes_board, now
):
    notes_board.product = product
    notes_board.save()
    post = publish(ann, "Gherkin")
    edit_board(board=notes_board, readers="TEAM", actor=pia, now=now)
    move_post_to(post=post, to=notes_board, actor=pia, now=now)
    post.refresh_from_db()
    assert post.state == Post.State.INSIDE
    assert found("gherkin") == []
    move_post_to(post=post, to=board, actor=pia, now=now)
    post.refresh_from_db()
    assert post.state == Post.State.PUBLISHED
    assert found("gherkin") == [post.pk]
    assert reconcile_counts()["boards"] == 0


def test_an_import_into_a_closed_board_stays_inside(client, close, board, now):
    stale = type(board).objects.get(pk=board.pk)
    close()
    rows = [ImportRow(external_id="1", title="", body="Gherkin", author="Zed")]
    import_rows(rows, board=stale, source="old", now=now)
    assert Post.objects.get().state == Post.State.INSIDE
    assert found("gherkin") == []
    assert "Gherkin" not in client.get("/").content.decode()


def test_what_somebody_wrote_into_the_database_is_found_and_mended(close, ann, publish):
    publish(ann, "Gherkin")
    close()
    Post.objects.update(state=Post.State.PUBLISHED)
    assert wrongly_public() == 1
    follow_boards(now=clock.now())
    assert (wrongly_public(), found("gherkin")) == (0, [])


def test_an_old_address_says_nothing_of_a_closed_post(client, client_of, close, ann, mo, publish):
    post = publish(ann, "Gherkin")
    post.old_addresses.create(path="/t/gherkin/7")
    assert client.get("/t/gherkin/7").status_code == 301
    close()
    assert client.get("/t/gherkin/7").status_code == 404
    assert client_of(mo).get("/t/gherkin/7").status_code == 301


def test_who_is_erased_takes_their_words_off_a_closed_board(ring, now):
    own_data.withdraw(ring.dan, keeps_words=False, now=now)
    ring.post.refresh_from_db()
    assert ring.post.state == Post.State.WITHDRAWN


def test_ones_own_data_names_no_post_that_one_may_not_read(ring, pia, now):
    (said,) = own_data.shows(ring.eve)["comments"]
    assert said["post"] == "Marzipan is broken"
    take_off_board(board=ring.board, person=ring.eve, actor=pia, now=now)
    (said,) = own_data.shows(ring.eve)["comments"]
    assert (said["post"], said["body"]) == ("", "Marzipan here too.")


def test_what_is_pinned_on_a_closed_board_stands_on_top_for_its_readers_alone(
    ring, mo, client, client_of, publish, now
):
    publish(ring.dan, "A newer one", board=ring.board)
    client_of(mo).post(f"/posts/{ring.post.public_id}/pin/")
    page = client_of(ring.eve).get("/boards/lab/?sort=new").content.decode()
    assert page.index("Marzipan is broken") < page.index("A newer one")
    assert client.get("/boards/lab/").status_code == 404

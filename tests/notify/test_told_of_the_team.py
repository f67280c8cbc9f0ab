"""What the team does to somebody's post, to what they said of one, or to what they may do: they hear, once, and why."""

import pytest

from feedback.asks.decisions.rehouse import move_post_to
from feedback.forum.boards.operations import make_board
from feedback.forum.closed.naming import name_on_board, take_off_board
from feedback.forum.models import Board, Post, Reproduction
from feedback.forum.pins.operations import lock_post, unlock_post
from feedback.forum.products.operations import default_product, make_product
from feedback.forum.rights.offers import make_offer, take_offer
from feedback.forum.rights.operations import SITE, Place, give, take
from feedback.forum.witnessing.reproductions import reproduce, take_off
from feedback.notify.channels.inbox.presenting import by_day
from feedback.notify.leaving import still_to_tell
from feedback.notify.models import Notice
from tests.cast import administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def inner(product):
    """A board that the team alone reads."""
    return Board.objects.create(
        product=product, slug="inner", name="Inner matters", name_zh="内部", readers="TEAM"
    )


@pytest.fixture
def other(product):
    return Board.objects.create(product=product, slug="bugs", name="Bugs", name_zh="缺陷")


@pytest.fixture
def inbox(deliver, client_of):
    """Return the page of somebody's inbox, with what waits told; in Chinese too."""

    def read(person, language="en"):
        deliver()
        client = client_of(person)
        client.cookies["heed_language"] = language
        return client.get("/inbox/").content.decode()

    return read


def told_of(person, *verbs):
    return Notice.objects.filter(person=person, entry__verb__in=verbs)


# --- Moving a post ----------------------------------------------------------------------------------------------------
def test_who_moves_a_post_says_why_and_its_author_hears(ann, pia, other, publish, client_of, inbox):
    post = publish(ann, "It freezes")
    desk, address = client_of(pia), f"/desk/posts/{post.public_id}/board/"
    answer = desk.post(address, {"board": "bugs"})
    assert answer.status_code == 422 and "Say why" in answer.content.decode()
    assert desk.post(address, {"board": "bugs", "word": "It is a bug."}).status_code == 302
    page = inbox(ann)
    assert "The team moved your post to another board" in page
    assert "Bugs · It is a bug." in page
    assert "缺陷 · It is a bug." in inbox(ann, "zh-hans")
    assert told_of(ann, "forum.post-changed-board").count() == 1
    assert not told_of(pia, "forum.post-changed-board").exists()


def test_a_board_that_its_author_may_not_read_is_not_named(
    ann, pia, inner, publish, inbox, client_of, now, mailoutbox
):
    post = publish(ann, "It freezes")
    move_post_to(post=post, to=inner, actor=pia, now=now, word="It names a customer.")
    page = inbox(ann)
    assert "to a board that you cannot read" in page and "It names a customer." in page
    kept = told_of(ann, "forum.post-changed-board").get().data
    for said in (page, inbox(ann, "zh-hans"), str(kept), str(mailoutbox)):
        assert "Inner" not in said and "内部" not in said and "inner" not in said


def test_a_board_that_is_closed_later_is_named_no_more(ann, pia, other, publish, inbox, now):
    post = publish(ann, "It freezes")
    move_post_to(post=post, to=other, actor=pia, now=now, word="A bug.")
    assert "Bugs" in inbox(ann)
    Board.objects.filter(pk=other.pk).update(readers="TEAM")
    Post.objects.filter(pk=post.pk).update(state="INSIDE")
    assert not still_to_tell(ann.pk, Notice.objects.filter(person=ann), wants=lambda *_: True)
    (day,) = by_day(
        Notice.objects.filter(person=ann),
        reader=ann,
        counts={f"post:{post.public_id}": (1, 1)},
        now=now,
    )
    (thread,) = day.threads
    assert "Bugs" not in thread.latest.excerpt + thread.latest.text + thread.latest.title


def test_what_a_ruling_moves_is_told_by_that_alone(
    ann, bo, pia, other, publish, reported, ruled, inbox
):
    post = publish(ann, "It freezes")
    ruled(reported(post, bo), pia, "MOVE", board=other)
    assert inbox(ann).count("The team moved your post to another board") == 1
    assert not told_of(ann, "forum.post-changed-board").exists()


# --- Locking ----------------------------------------------------------------------------------------------------------
def test_who_locks_a_post_says_why_and_its_author_hears(ann, mo, publish, client_of, inbox):
    post = publish(ann, "Dark mode")
    desk, address = client_of(mo), f"/posts/{post.public_id}/lock/"
    assert address in desk.get(f"/posts/{post.public_id}/").content.decode()
    assert desk.get(address).status_code == 200
    assert desk.post(address).status_code == 422
    answer = desk.post(address, {"word": "It went in circles."}, follow=True)
    assert f'action="/posts/{post.public_id}/unlock/"' in answer.content.decode()
    page = inbox(ann)
    assert "The team locked your post" in page and "It went in circles." in page
    desk.post(f"/posts/{post.public_id}/unlock/")
    assert "The team unlocked your post" in inbox(ann)


def test_a_lock_that_was_taken_back_before_anybody_heard_is_no_news(ann, mo, publish, inbox, now):
    post = publish(ann, "Dark mode")
    lock_post(post=post, actor=mo, now=now, word="Oops")
    unlock_post(post=post, actor=mo, now=now)
    assert "The team locked" not in inbox(ann)


# --- Seeing a bug too -------------------------------------------------------------------------------------------------
def test_who_is_taken_off_a_bug_hears_why(ann, bo, mo, publish, client_of, inbox, now):
    bug = publish(ann, "It freezes", kind="BUG")
    one = reproduce(post=bug, person=bo, version="2.1", device="", now=now)
    address = f"/reproductions/{one.public_id}/remove/"
    assert client_of(mo).post(address).status_code == 422
    assert Reproduction.objects.exists()
    assert client_of(mo).post(address, {"word": "There is no 2.1."}).status_code == 302
    page = inbox(bo)
    assert "took your “I see this too” off a post" in page and "There is no 2.1." in page


def test_who_takes_it_off_themselves_is_told_nothing(ann, bo, publish, client_of, inbox, now):
    bug = publish(ann, "It freezes", kind="BUG")
    one = reproduce(post=bug, person=bo, version="2.1", device="", now=now)
    assert client_of(bo).post(f"/reproductions/{one.public_id}/remove/").status_code == 302
    inbox(bo)
    assert not told_of(bo, "forum.reproduction-taken-off").exists()


def test_who_says_it_again_before_they_heard_hears_nothing(ann, bo, mo, publish, inbox, now):
    bug = publish(ann, "It freezes", kind="BUG")
    said = {"post": bug, "person": bo, "version": "2.1", "device": "", "now": now}
    take_off(reproduction=reproduce(**said), actor=mo, now=now, word="No.")
    reproduce(**said)
    inbox(bo)
    assert not told_of(bo, "forum.reproduction-taken-off").exists()


# --- Roles and boards -------------------------------------------------------------------------------------------------
def test_a_role_given_and_taken_is_told_with_where(bo, board, inbox, now):
    by = {"actor": administrator(), "now": now}
    give(person=bo, role="MODERATOR", place=Place(board=board), **by)
    page = inbox(bo)
    assert "You have a role here now: Moderator" in page and "Suggestions" in page
    take(person=bo, place=Place(board=board), **by)
    assert "You do not have this role any more: Moderator" in inbox(bo)
    give(person=bo, role="ANALYST", place=SITE, **by)
    assert "You have a role here now: Analyst" in inbox(bo)


def test_a_board_that_they_read_no_more_is_not_named(bo, inner, inbox, now):
    by = {"actor": administrator(), "now": now}
    give(person=bo, role="MODERATOR", place=Place(board=inner), **by)
    take(person=bo, place=Place(board=inner), **by)
    inbox(bo)
    told = told_of(bo, "forum.right-taken").get().data
    assert "title" not in told and "Inner" not in str(told)


def test_a_closed_product_is_not_named_to_who_lost_their_role_on_it(bo, pia, inbox, now):
    default_product(now=now)
    product = make_product(slug="lab", name="Quokka", is_closed=True, actor=pia, now=now)
    make_board(slug="inner", name="Inner", product=product, now=now)
    by = {"actor": administrator(), "now": now}
    give(person=bo, role="MODERATOR", place=Place(product=product), **by)
    assert "Quokka" in inbox(bo)
    take(person=bo, place=Place(product=product), **by)
    page = inbox(bo)
    assert "You do not have this role any more: Moderator" in page
    assert "Quokka" not in page, "nor in what they were told before"


def test_who_takes_a_role_by_a_link_knows_it(bo, inbox, now):
    offer = make_offer(role="ANALYST", place=SITE, actor=administrator(), now=now)
    take_offer(code=offer.code, person=bo, now=now)
    inbox(bo)
    assert not told_of(bo, "forum.right-given").exists()


def test_who_is_named_on_a_board_and_taken_off_hears(bo, inner, inbox, now):
    Board.objects.filter(pk=inner.pk).update(readers="RING")
    inner.refresh_from_db()
    by = {"board": inner, "person": bo, "actor": administrator(), "now": now}
    name_on_board(**by)
    page = inbox(bo)
    assert "named you on a board" in page and "Inner matters" in page
    take_off_board(**by)
    inbox(bo)
    told = told_of(bo, "forum.board-member-taken-off").get()
    assert told.data["has"] is False and "Inner" not in str(told.data)

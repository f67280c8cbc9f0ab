"""A whole import is undone on the desk, and what people have touched since only when they say so."""

import pytest

from feedback.accounts.claiming.codes import make_code
from feedback.accounts.claiming.operations import claim_words
from feedback.accounts.models import User
from feedback.forum.models import Board, Post
from feedback.kernel import clock
from feedback.roadmap.models import Item, Release
from feedback.roadmap.operations import adopt, edit_item, ship
from tests.desk.bringing import desk as desk
from tests.desk.bringing import page_of, start

pytestmark = pytest.mark.django_db


def test_a_board_is_made_for_it_and_goes_with_it(bring, desk, run_jobs):
    one = bring()
    run_jobs()
    refused = start(desk, one, board="+", new_board=" ")
    assert refused.status_code == 422
    assert start(desk, one, board="+", new_board="应用商店").status_code == 302
    run_jobs()
    made = Board.objects.get(name="应用商店")
    assert made.post_count == 3
    desk.post(f"/desk/import/{one.public_id}/undo/")
    run_jobs()
    assert not Board.objects.filter(pk=made.pk).exists()


def test_an_import_is_undone_with_its_people(bring, desk, run_jobs, ann, publish):
    mine = publish(ann, "My own words")
    one = bring()
    run_jobs()
    start(desk, one)
    run_jobs()
    page = desk.get(f"/desk/import/{one.public_id}/undo/").content.decode()
    assert "3 posts go for good" in page
    assert 'name="touched"' not in page
    desk.post(f"/desk/import/{one.public_id}/undo/")
    run_jobs()
    page = page_of(desk, one)
    assert (one.state, one.undone_posts, one.undone_people) == ("UNDONE", 3, 3)
    assert "3 posts are gone" in page
    assert list(Post.objects.all()) == [mine]
    assert not User.objects.filter(origin_key__startswith="store").exists()
    board = Board.objects.get(slug="suggestions")
    assert board.post_count == 1, "The board was there before."


def test_what_people_touched_is_said_and_stays_until_it_is_confirmed(
    bring, desk, run_jobs, bo, frozen, client_of, make_ask
):
    one = bring()
    run_jobs()
    start(desk, one)
    run_jobs()
    frozen.shift(60)
    dark, crash, export = (Post.objects.get(external_id=key) for key in "124")
    client_of(bo).post(f"/posts/{dark.public_id}/vote/")
    ask = make_ask(crash, state="PROPOSED")
    make_ask(export, state="PROPOSED")
    desk.post(f"/desk/asks/{ask.public_id}/confirm/")
    address = f"/desk/import/{one.public_id}/undo/"
    assert "2 of them have been touched" in desk.get(address).content.decode()
    desk.post(address)
    run_jobs()
    assert set(Post.objects.all()) == {dark, crash}
    ask.refresh_from_db()
    assert (ask.post_count, ask.is_public) == (1, True)
    assert not type(ask).objects.filter(medoid=export.pk).exists(), "What is empty goes too."
    assert "Undo what was left" in page_of(desk, one)
    desk.post(address, {"touched": "on"})
    run_jobs()
    assert not Post.objects.exists()
    assert not User.objects.filter(origin_key__startswith="store").exists()
    assert User.objects.filter(pk=bo.pk).exists()


def test_a_post_that_somebody_claimed_stays_until_it_is_confirmed(
    bring, desk, run_jobs, bo, pia, now
):
    one = bring()
    run_jobs()
    start(desk, one)
    run_jobs()
    post = Post.objects.get(external_id="1")
    ghost = post.author
    code = make_code(author=ghost, actor=pia, now=now)
    claim_words(person=bo, authors=[ghost.public_id], code=code, now=now)
    address = f"/desk/import/{one.public_id}/undo/"
    assert "1 of them has been touched" in desk.get(address).content.decode()
    desk.post(address)
    run_jobs()
    assert Post.objects.get().author == bo
    desk.post(address, {"touched": "on"})
    run_jobs()
    assert not Post.objects.exists()
    left = User.objects.filter(origin_key__startswith="store")
    assert list(left) == [ghost], "Bring it again, and it is theirs again."


def test_what_an_import_put_on_the_roadmap_goes_with_it(
    bring, desk, run_jobs, frozen, make_ask, pia
):
    one = bring()
    run_jobs()
    start(desk, one)
    run_jobs()
    moment = one.stretches.get().began_at
    dark, crash, export = (make_ask(Post.objects.get(external_id=key)) for key in "124")
    shipped = adopt(ask=dark, title="A dark theme", actor=pia, now=moment)
    ship(item=shipped, version="1.0", release_date=moment.date(), actor=pia, now=moment)
    edited = adopt(ask=crash, title="No crashes", actor=pia, now=moment)
    frozen.shift(60)
    edit_item(item=edited, title="Fewer crashes", summary="", actor=pia, now=clock.now())
    later = adopt(ask=export, title="Export", actor=pia, now=clock.now())
    desk.post(f"/desk/import/{one.public_id}/undo/", {"touched": "on"})
    run_jobs()
    assert page_of(desk, one)
    assert one.state == "UNDONE"
    assert not Post.objects.exists()
    assert set(Item.objects.all()) == {edited, later}, "What people made or changed since stays."
    assert not Release.objects.exists()


def test_an_author_of_another_import_stays(bring, desk, run_jobs):
    first = bring()
    run_jobs()
    start(desk, first)
    run_jobs()
    second = bring("id,text,author\n9,Please add folders for my notes,Cleo\n", "more.csv")
    run_jobs()
    start(desk, second)
    run_jobs()
    desk.post(f"/desk/import/{first.public_id}/undo/")
    run_jobs()
    assert [post.external_id for post in Post.objects.all()] == ["9"]
    assert [person.display_name for person in User.objects.filter(origin="IMPORTED")] == ["Cleo"]

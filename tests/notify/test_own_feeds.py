"""A feed reader cannot sign in: the address of a closed board's feed says whose it is, and can be made anew."""

import datetime as dt

import pytest

from feedback.accounts.models import User
from feedback.forum.boards.operations import open_board
from feedback.forum.closed.naming import name_on_board, take_off_board
from feedback.forum.posts.operations import hide_post
from feedback.notify.models import FeedKey
from tests.notify.test_feeds import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab(product, pia, ann, publish, now):
    """A board that Ann alone is named on, with a post of hers."""
    made = open_board(slug="lab", name="Lab", product=product, readers="RING", actor=pia, now=now)
    name_on_board(board=made, person=ann, actor=pia, now=now)
    publish(ann, "Marzipan", board=made)
    return made


def address_of(client):
    """Make addresses of one's own, and return that of the board."""
    client.post("/settings/news/feeds/")
    page = client.get("/settings/news/").content.decode()
    _before, found, after = page.partition("/feeds/own/")
    assert found
    return "/feeds/own/" + after.partition('"')[0].replace("&amp;", "&")


def titles(client, address):
    return [entry["title"] for entry in read(client, address)]


def test_it_is_read_without_signing_in(client, client_of, ann, lab):
    address = address_of(client_of(ann))
    assert titles(client, address) == ["Marzipan"]
    assert "picture.png" not in client.get(address).content.decode(), "Pictures are everyone's."
    assert client.get(address)["Cache-Control"] == "private, no-cache"
    again = client.get(address, headers={"If-None-Match": client.get(address)["ETag"]})
    assert again.status_code == 304


def test_new_addresses_end_the_old_ones(client, client_of, ann, lab):
    mine = client_of(ann)
    old = address_of(mine)
    new = address_of(mine)
    assert old != new
    assert client.get(old).status_code == 404
    assert titles(client, new) == ["Marzipan"]
    mine.post("/settings/news/feeds/remove/")
    assert client.get(new).status_code == 404
    assert not FeedKey.objects.exists()


def test_who_is_taken_off_the_board_reads_no_more(client, client_of, ann, pia, lab, now):
    address = address_of(client_of(ann))
    assert titles(client, address) == ["Marzipan"]
    take_off_board(board=lab, person=ann, actor=pia, now=now)
    assert client.get(address).status_code == 404
    assert "feeds/own" not in client_of(ann).get("/settings/news/").content.decode()


def test_a_closed_account_has_none(client, client_of, ann, lab):
    address = address_of(client_of(ann))
    User.objects.filter(pk=ann.pk).update(is_active=False)
    assert client.get(address).status_code == 404


def test_whoever_is_suspended_reads_no_more_until_it_ends(client, client_of, ann, lab, now):
    address = address_of(client_of(ann))
    User.objects.filter(pk=ann.pk).update(suspended_until=now + dt.timedelta(days=1))
    assert client.get(address).status_code == 404
    User.objects.filter(pk=ann.pk).update(suspended_until=now - dt.timedelta(days=1))
    assert titles(client, address) == ["Marzipan"]


def test_nobody_gets_further_than_they_may_read(client, client_of, bo, lab):
    client_of(bo).post("/settings/news/feeds/")
    key = FeedKey.objects.get(person=bo).key
    assert client.get(f"/feeds/own/{key}/boards/lab/").status_code == 404
    assert client.get("/feeds/own/nobodys/boards/lab/").status_code == 404


def test_a_post_that_is_hidden_there_goes_from_it(client, client_of, mo, lab, now):
    address = address_of(client_of(mo))
    hide_post(post=lab.posts.get(), moderator=mo, now=now)
    assert titles(client, address) == []


def test_looking_at_ones_settings_makes_no_key(client_of, ann, lab):
    page = client_of(ann).get("/settings/news/").content.decode()
    assert "Make my addresses" in page and not FeedKey.objects.exists()

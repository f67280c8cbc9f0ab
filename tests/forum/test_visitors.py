"""What a visitor may cost: words are kept once they can be a post, and not without end."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from feedback.accounts import operations as accounts
from feedback.accounts.models import RateBucket

pytestmark = pytest.mark.django_db

DRAFT = {"title": "Dark mode", "body": "At night.", "kind": "SUGGESTION", "board": "suggestions"}


def test_words_that_cannot_be_a_post_are_not_kept(client, board):
    answer = client.post("/posts/new/", DRAFT | {"title": ""})
    assert answer.status_code == 422
    assert not Session.objects.exists()


def test_words_are_kept_over_the_sign_in(client, board, ann):
    answer = client.post("/posts/new/", DRAFT)
    assert answer["Location"].startswith("/accounts/login/")
    client.force_login(ann)
    assert "At night." in client.get("/posts/new/").content.decode()


def test_one_address_keeps_only_so_many_drafts(board, frozen):
    answers = [Client().post("/posts/new/", DRAFT) for _ in range(20)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429] * 10
    assert "At night." in answers[-1].content.decode()
    assert Session.objects.count() == 10
    frozen.shift(600)
    assert Client().post("/posts/new/", DRAFT).status_code == 302


def test_another_address_is_not_held_up(board):
    for _ in range(11):
        Client().post("/posts/new/", DRAFT)
    assert Client(REMOTE_ADDR="192.0.2.7").post("/posts/new/", DRAFT).status_code == 302


def test_the_addresses_of_one_household_count_as_one(board):
    for number in range(11):
        last = Client(REMOTE_ADDR=f"2001:db8::{number + 1:x}").post("/posts/new/", DRAFT)
    assert last.status_code == 429


def test_looking_for_similar_posts_has_an_end_for_a_visitor_alone(client, client_of, ann, board):
    codes = {client.get("/posts/similar/", {"title": "dark mode"}).status_code for _ in range(121)}
    assert codes == {200, 429}
    assert "Wait a minute" in client.get("/posts/similar/", {"title": "dark"}).content.decode()
    assert client_of(ann).get("/posts/similar/", {"title": "dark mode"}).status_code == 200


def test_no_address_is_kept_in_the_counts(board):
    Client(REMOTE_ADDR="192.0.2.7").post("/posts/new/", DRAFT)
    assert "192.0.2" not in RateBucket.objects.get().key


def test_each_hit_gets_a_number_of_its_own(db, now):
    minute = dt.timedelta(minutes=1)
    assert [accounts.count_hit(key="a", per=minute, now=now) for _ in range(3)] == [1, 2, 3]
    assert accounts.count_hit(key="b", per=minute, now=now) == 1
    assert accounts.count_hit(key="a", per=minute, now=now + minute) == 1


def test_what_is_over_is_tidied_away(client, board, run_jobs, frozen):
    client.post("/posts/new/", DRAFT)
    run_jobs()
    assert Session.objects.count() == RateBucket.objects.count() == 1
    frozen.shift(15 * 24 * 3600)
    run_jobs()
    assert not Session.objects.exists()
    assert not RateBucket.objects.exists()

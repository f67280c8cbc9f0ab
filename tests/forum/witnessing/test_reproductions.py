"""Seeing a bug too: said by members, confirmed by whoever posted it or the team, and worth something by then alone."""

from functools import partial

import pytest

from feedback.accounts.models import Standing
from feedback.accounts.outcomes import counting
from feedback.accounts.own_data.erasing import ask_erasure, erase_due
from feedback.forum.models import Post, Reproduction, WordRule
from feedback.forum.witnessing.reproductions import reproduce
from feedback.journal.models import Entry
from feedback.kernel import clock
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def bug(ann, publish):
    post = publish(ann, "It freezes on start")
    Post.objects.filter(pk=post.pk).update(kind="BUG")
    post.refresh_from_db()
    return post


@pytest.fixture
def see(client_of, bug):
    def say(person, version="2.1", device="Pixel 9", post=bug):
        said = {"version": version, "device": device}
        return client_of(person).post(f"/posts/{post.public_id}/me-too/", said)

    return say


def act(client, one, what, **said):
    return client.post(f"/reproductions/{one.public_id}/{what}/", said)


def counts(person):
    counting.reconcile(fix=True)
    found = Standing.objects.filter(person=person).first()
    return found.counts if found is not None else {}


def test_whoever_sees_a_bug_too_says_where_and_everyone_reads_it(client, client_of, bo, bug, see):
    assert client_of(bo).get(f"/posts/{bug.public_id}/me-too/").status_code == 200
    assert see(bo)["Location"] == f"/posts/{bug.public_id}/"
    page = client.get(f"/posts/{bug.public_id}/").content.decode()
    assert "1 person sees this too" in page
    assert "Pixel 9" in page
    assert Entry.objects.filter(verb="forum.reproduced").count() == 1


def test_said_twice_it_is_one_and_the_last_words_stand(bo, see):
    see(bo)
    see(bo, device="Pixel 10")
    assert Reproduction.objects.get().device == "Pixel 10"


def test_who_posted_it_confirms_and_trust_grows_until_that_is_taken_back(client_of, ann, bo, see):
    see(bo)
    one = Reproduction.objects.get()
    assert "reproductions" not in counts(bo)
    act(client_of(ann), one, "confirm")
    assert counts(bo)["reproductions"] == 1
    page = client_of(bo).get(f"/posts/{one.post.public_id}/").content.decode()
    assert "Confirmed" in page
    act(client_of(ann), one, "confirm", want="0")
    assert "reproductions" not in counts(bo)


def test_other_words_wait_to_be_confirmed_again(client_of, mo, bo, see):
    see(bo)
    one = Reproduction.objects.get()
    act(client_of(mo), one, "confirm")
    see(bo)
    assert Reproduction.objects.get().confirmed_at is not None
    see(bo, version="3.0")
    assert Reproduction.objects.get().confirmed_at is None


def test_ten_bugs_of_one_person_are_one_outcome(client_of, ann, bo, publish, see):
    for number in range(3):
        post = publish(ann, f"Broken, {number}")
        Post.objects.filter(pk=post.pk).update(kind="BUG")
        see(bo, post=post)
    for one in Reproduction.objects.all():
        act(client_of(ann), one, "confirm")
    assert counts(bo)["reproductions"] == 1


def test_nobody_confirms_their_own_nor_that_of_others_bugs(client_of, person, bo, see):
    see(bo)
    one = Reproduction.objects.get()
    assert act(client_of(bo), one, "confirm").status_code == 403
    cy = client_of(person("cy"))
    assert act(cy, one, "confirm").status_code == 403
    assert act(cy, one, "remove").status_code == 403
    assert Reproduction.objects.get().confirmed_at is None


def test_only_an_open_bug_of_somebody_else_is_seen_too(client_of, ann, bo, publish, bug, see):
    assert see(ann).status_code == 422
    assert see(bo, post=publish(ann, "No bug")).status_code == 422
    Post.objects.filter(pk=bug.pk).update(state="HIDDEN")
    assert see(bo).status_code == 404
    assert not Reproduction.objects.exists()


def test_adverts_and_words_that_are_too_long_stay_out(bo, see):
    WordRule.objects.create(words="casino", effect="HOLD")
    assert see(bo, device="casino").status_code == 422
    assert see(bo, device="buy at deals.example").status_code == 422
    answer = see(bo, device="x" * 61)
    assert answer.status_code == 422
    assert "x" * 61 in answer.content.decode(), "What was typed is there still."
    assert not Reproduction.objects.exists()


def test_whoever_said_it_takes_it_off_and_so_does_who_keeps_order(client_of, mo, bo, see):
    for person in (bo, mo):
        see(bo)
        act(client_of(person), Reproduction.objects.get(), "remove", word="There is no 2.1.")
        assert not Reproduction.objects.exists()


def test_what_stands_under_a_hidden_bug_is_not_known(client_of, person, bo, bug, see):
    see(bo)
    Post.objects.filter(pk=bug.pk).update(state="HIDDEN")
    one = Reproduction.objects.get()
    assert act(client_of(person("cy")), one, "confirm").status_code == 404
    assert act(client_of(bo), one, "remove").status_code == 404


def test_it_goes_with_the_words_of_whoever_leaves(bo, see, now, frozen):
    see(bo)
    ask_erasure(person=bo, keeps_words=False, actor=None, now=now)
    frozen.shift(60 * 86400)
    erase_due(now=clock.now())
    assert not Reproduction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_said_at_once_it_is_one(bo, bug, now):
    act = partial(reproduce, post=bug, person=bo, version="1", device="", now=now)
    at_once(*[act] * 4)
    assert Reproduction.objects.count() == 1

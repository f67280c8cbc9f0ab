"""A day that passes in silence is told: to the team once a day, to whoever waits once."""

import datetime as dt

import pytest
from django.db import transaction

from feedback.forum.models import Board, Right
from feedback.forum.moderation.appealing import appeal
from feedback.forum.moderation.cases import hold
from feedback.forum.moderation.waiting import tell_of_silence
from feedback.journal.models import Entry
from feedback.kernel import clock
from feedback.notify.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def after(frozen, run_jobs):
    """Let hours pass, and have told what is to be told then."""

    def wait(hours):
        frozen.shift(dt.timedelta(hours=hours))
        tell_of_silence(now=clock.now())
        run_jobs()

    return wait


@pytest.fixture
def held(ann, publish):
    """Ann's post waits unseen since just now."""
    post = publish(ann, "Watches")
    with transaction.atomic():
        hold(post, held_for=["LINK"], now=clock.now())
    return post


def heard(person, verb):
    return Notice.objects.filter(person=person, entry__verb=verb).count()


def of_team(person):
    return heard(person, "forum.cases-waited")


def of_author(person):
    return heard(person, "forum.case-waited")


def test_after_a_day_the_team_and_the_author_hear(held, ann, bo, mo, pia, ada, after, client_of):
    after(23)
    assert not Entry.objects.filter(verb__contains="waited").exists()
    after(2)
    assert [of_team(one) for one in (mo, pia, ada)] == [1, 1, 1]
    assert of_team(ann) == of_team(bo) == 0
    assert (of_author(ann), of_author(bo)) == (1, 0)
    page = client_of(mo).get("/inbox/").content.decode()
    assert "1 case has waited for a decision for more than a day" in page
    assert "nobody of the team has decided yet" in client_of(ann).get("/inbox/").content.decode()


def test_the_team_hears_each_day_and_the_author_once(held, ann, mo, after):
    for _day in range(3):
        after(25)
        after(0)
    assert (of_team(mo), of_author(ann)) == (3, 1)


def test_what_is_decided_is_told_to_nobody(held, ann, mo, after, ruled):
    ruled(held.cases.get(), mo, "KEEP")
    after(30)
    assert of_team(mo) == of_author(ann) == 0


def test_that_something_was_reported_is_told_to_the_team_alone(
    ann, bo, mo, publish, reported, after
):
    reported(publish(ann, "Louder"), bo)
    after(25)
    assert (of_team(mo), of_author(ann)) == (1, 0)


def test_held_since_an_hour_is_no_day_whenever_it_was_reported(
    ann, bo, mo, publish, reported, after
):
    post = publish(ann, "Louder")
    reported(post, bo)
    after(30)
    with transaction.atomic():
        hold(post, held_for=["LINK"], now=clock.now())
    after(2)
    assert of_author(ann) == 0
    after(23)
    assert of_author(ann) == 1


def test_an_appeal_that_waits_is_told_with_its_decision(
    ann, bo, mo, pia, publish, reported, ruled, after, client_of
):
    ruling = ruled(reported(publish(ann, "Louder"), bo), mo, "HIDE")
    appeal(ruling=ruling, person=ann, words="It was meant well.", now=clock.now())
    after(25)
    notice = Notice.objects.get(person=ann, entry__verb="forum.case-waited")
    assert notice.data["ruling"] == ruling.public_id
    assert "Your appeal still waits" in client_of(ann).get("/inbox/").content.decode()


def test_who_keeps_order_on_a_board_hears_of_that_board_without_a_number(
    held, bo, person, product, after, now, client_of
):
    other = Board.objects.create(product=product, slug="other", name="Other")
    elsewhere = person("Kit")
    for who, board in ((bo, held.board), (elsewhere, other)):
        Right.objects.create(person=who, role="MODERATOR", board=board, given_at=now)
        type(who).objects.filter(pk=who.pk).update(part_role="MODERATOR")
    after(25)
    assert (of_team(bo), of_team(elsewhere)) == (1, 0)
    page = client_of(bo).get("/inbox/").content.decode()
    assert "Something on a board of yours has waited" in page

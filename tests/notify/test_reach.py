"""Whom an answer would reach: who is behind the ask and who follows it, once each, without who muted it."""

import pytest

from feedback.notify.following.operations import subscribe
from feedback.notify.groups import About
from feedback.notify.models import Notice
from feedback.notify.reach import reach_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def follow(now):
    def say(person, ask, *, is_muted=False):
        subscribe(person=person, about=About.ASK, about_id=ask.pk, is_muted=is_muted, now=now)

    return say


def test_followers_count_once_and_who_muted_it_does_not(dark_mode, ann, bo, person, follow):
    first = reach_of(dark_mode)
    assert (first.people, first.followers, first.muted, first.here) == (2, 0, 0, 2)
    follow(person("Cleo"), dark_mode)
    follow(bo, dark_mode)  # who wanted it already
    follow(ann, dark_mode, is_muted=True)
    found = reach_of(dark_mode)
    assert (found.people, found.followers, found.muted, found.here) == (2, 1, 1, 2)


def test_the_team_is_told_as_many_as_are(dark_mode, ann, pia, person, follow, client_of, deliver):
    follow(person("Cleo"), dark_mode)
    follow(pia, dark_mode)
    follow(ann, dark_mode, is_muted=True)
    answered = client_of(pia).post(
        f"/desk/asks/{dark_mode.public_id}/answer/", {"body": "Soon."}, follow=True
    )
    deliver()
    told = Notice.objects.filter(entry__verb="asks.ask-answered").count()
    assert told == 2
    assert f"{told} people are being told." in answered.content.decode()


def test_the_page_of_the_ask_says_so(dark_mode, ann, pia, person, follow, client_of):
    page = f"/desk/asks/{dark_mode.public_id}/"
    assert "want to hear nothing of it" not in client_of(pia).get(page).content.decode()
    follow(person("Cleo"), dark_mode)
    follow(ann, dark_mode, is_muted=True)
    shown = client_of(pia).get(page).content.decode()
    assert "want to hear nothing of it" in shown and "follow it" in shown

"""What people follow and mute, in their list: with its name while they may know of it, and theirs to stop for ever."""

from typing import Any

import pytest

from feedback.accounts.models import User
from feedback.asks.decisions.confirm import dismiss_ask
from feedback.forum.posts.operations import hide_post
from feedback.kernel import clock
from feedback.notify.following.operations import subscribe
from feedback.notify.groups import About
from feedback.notify.models import Subscription

pytestmark = pytest.mark.django_db
LIST = "/settings/news/"


def follow(person: User, about: About, row: Any) -> str:
    """Follow a thing; return where its line of the list is stopped."""
    subscribe(person=person, about=about, about_id=row.pk, is_muted=False, now=clock.now())
    one = Subscription.objects.get(person=person, about=about, about_id=row.pk)
    return f"{LIST}followed/{one.pk}/remove/"


def test_what_is_followed_stands_there_with_its_name_and_its_page(
    client_of, bo, ann, dark_mode, item, board
):
    follow(bo, About.POST, dark_mode.medoid)
    for about, row in ((About.ASK, dark_mode), (About.ITEM, item), (About.PERSON, ann)):
        follow(bo, about, row)
    follow(bo, About.BOARD, board)
    page = client_of(bo).get(LIST).content.decode()
    for name in ("Dark mode, please", "A dark theme", "Ann", "Suggestions"):
        assert f">{name}</a>" in page
    assert page.count("Stop following") == 5
    assert "Not public any more" not in page


def test_what_is_hidden_has_no_name_there_and_can_be_stopped(
    client_of, bo, mo, ann, publish, make_ask, pia
):
    post, wish = publish(ann, "A secret slip"), make_ask(publish(ann, "Wish"), title="Hidden wish")
    stops = [
        follow(bo, About.POST, post),
        follow(bo, About.ASK, wish),
        follow(bo, About.PERSON, mo),
    ]
    hide_post(post=post, moderator=mo, now=clock.now())
    dismiss_ask(ask=wish, actor=pia, now=clock.now())
    User.objects.filter(pk=mo.pk).update(is_active=False)
    client = client_of(bo)
    page = client.get(LIST).content.decode()
    for name in ("A secret slip", "Hidden wish", ">Mo<"):
        assert name not in page
    assert page.count("<br>Not public any more") == 3
    for stop in stops:
        assert stop in page
        assert client.post(stop)["Location"] == LIST
    assert not Subscription.objects.exists()


def test_nobody_stops_what_another_follows(client_of, ann, bo, dark_mode):
    stop = follow(bo, About.ASK, dark_mode)
    client_of(ann).post(stop)
    assert Subscription.objects.filter(person=bo).exists()

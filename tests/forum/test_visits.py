"""What is new since one was here, and what one follows."""

import datetime as dt

import pytest

from feedback.accounts.models import User
from feedback.asks.answers import answer_ask
from feedback.forum.comments.operations import comment
from feedback.kernel import clock
from feedback.notify.following.operations import subscribe
from feedback.notify.groups import About

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def test_what_came_while_one_was_away_is_marked_until_one_comes_again(
    client_of, ann, bo, publish, frozen
):
    client = client_of(ann)
    publish(bo, "Old news")
    client.get("/")
    frozen.shift(HOUR)
    publish(bo, "Dark mode")
    publish(ann, "My own")
    frozen.shift(HOUR)
    page = client.get("/").content.decode()
    assert page.count("tag--new") == 1
    frozen.shift(dt.timedelta(minutes=10))
    assert client.get("/").content.decode().count("tag--new") == 1  # still the same visit
    frozen.shift(HOUR)
    assert "tag--new" not in client.get("/").content.decode()


def test_a_new_comment_of_somebody_else_is_news_and_one_s_own_is_not(
    client_of, ann, bo, publish, frozen
):
    client = client_of(ann)
    one, other = publish(bo, "Dark mode"), publish(bo, "Light mode")
    client.get("/")
    frozen.shift(HOUR)
    comment(post=one, author=bo, body="Please", now=one.posted_at + HOUR)
    comment(post=other, author=ann, body="Mine", now=one.posted_at + HOUR)
    frozen.shift(HOUR)
    page = client.get("/").content.decode()
    assert page.count("New comments") == 1
    listed = client.get("/?sort=unread").content.decode()
    assert "Dark mode" in listed


def test_a_first_visit_and_a_visitor_are_told_of_no_news(client, client_of, ann, bo, publish):
    publish(bo, "Dark mode")
    for somebody in (client, client_of(ann)):
        page = somebody.get("/").content.decode()
        assert "tag--new" not in page
        assert "Since your last visit" not in page
    assert client.get("/?sort=unread").status_code == 200


def test_a_page_writes_when_one_was_here_once_in_five_minutes(
    client_of, ann, frozen, django_assert_num_queries
):
    client = client_of(ann)
    client.get("/")
    seen = User.objects.get(pk=ann.pk).here_at
    frozen.shift(dt.timedelta(minutes=4))
    client.get("/")
    assert User.objects.get(pk=ann.pk).here_at == seen
    frozen.shift(dt.timedelta(minutes=4))
    client.get("/")
    assert User.objects.get(pk=ann.pk).here_at > seen


def test_the_followed_list_holds_what_one_follows_and_nothing_else(
    client_of, ann, bo, mo, publish, make_ask, now
):
    by_bo, in_ask, neither = publish(bo, "By Bo"), publish(mo, "In the ask"), publish(mo, "Neither")
    ask = make_ask(in_ask)
    client = client_of(ann)
    assert "What you follow will be here" in client.get("/?sort=followed").content.decode()
    for about, pk in ((About.PERSON, bo.pk), (About.ASK, ask.pk)):
        subscribe(person=ann, about=about, about_id=pk, is_muted=False, now=now)
    page = client.get("/?sort=followed").content.decode()
    assert by_bo.public_id in page
    assert in_ask.public_id in page
    assert neither.public_id not in page


def test_what_is_muted_is_not_followed(client_of, ann, bo, publish, now):
    post = publish(bo, "By Bo")
    subscribe(person=ann, about=About.PERSON, about_id=bo.pk, is_muted=True, now=now)
    assert post.public_id not in client_of(ann).get("/?sort=followed").content.decode()


def test_what_is_followed_stands_by_what_was_said_last_and_says_what_is_new(
    client_of, ann, bo, pia, publish, make_ask, frozen
):
    client = client_of(ann)
    posts = [
        publish(bo, title) for title in ("In an ask", "Talked of", "Quiet", "Another of the ask")
    ]
    ask = make_ask(posts[0], posts[3])
    subscribe(person=ann, about=About.PERSON, about_id=bo.pk, is_muted=False, now=clock.now())
    client.get("/")
    frozen.shift(HOUR)
    comment(post=posts[1], author=bo, body="Please", now=clock.now())
    frozen.shift(HOUR)
    answer_ask(ask=ask, body="In May.", actor=pia, now=clock.now())
    rows = client.get("/?sort=followed").context["page"].rows
    assert [(row.post.title, row.news) for row in rows] == [
        ("In an ask", "ANSWERED"),
        ("Talked of", "SAID"),
        ("Quiet", ""),
        ("Another of the ask", "ANSWERED"),
    ]

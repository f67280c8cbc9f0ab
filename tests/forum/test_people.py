"""The page of a person: what they wrote and want, what became of it, and who is here at all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.asks.answers import answer_ask
from feedback.forum.comments.operations import accept_answer, comment, hide_comment
from feedback.forum.models import Comment
from feedback.forum.posts.operations import hide_post
from feedback.forum.votes.operations import vote
from feedback.roadmap import operations as roadmap

pytestmark = pytest.mark.django_db


def page_of(client, person, query=""):
    return client.get(f"/people/{person.public_id}/{query}").content.decode()


def test_the_asks_that_somebody_stands_behind_are_on_their_page_with_their_stage(
    client, client_of, ann, publish, make_ask
):
    make_ask(publish(ann, "Dark mode"), title="A dark theme")
    make_ask(publish(ann, "Secret"), title="Not public yet", state="PROPOSED")
    page = page_of(client, ann)
    assert "A dark theme" in page
    assert "Not public yet" not in page
    assert "What became of what you asked for" in page_of(client_of(ann), ann)


def test_what_shipped_is_told_of_whoever_is_named_and_to_oneself(
    client, client_of, ann, pia, publish, make_ask, now
):
    item = roadmap.adopt(
        ask=make_ask(publish(ann, "Dark mode")), actor=pia, now=now, title="A dark theme"
    )
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    assert "They asked, and it shipped" in page_of(client, ann)
    ann.credit = "COUNTED"
    ann.save()
    assert "it shipped" not in page_of(client, ann)
    assert "You asked, and it shipped" in page_of(client_of(ann), ann)


def test_one_sees_what_one_wants_and_nobody_else_does(client, client_of, ann, bo, publish, now):
    wanted = publish(bo, "Dark mode")
    vote(post=wanted, person=ann, now=now)
    assert wanted.public_id in page_of(client_of(ann), ann, "?show=wanted")
    for other in (client, client_of(bo)):
        assert wanted.public_id not in page_of(other, ann, "?show=wanted")


def test_answers_that_helped_are_counted(client, ann, bo, publish, now):
    question = publish(ann, "How?", kind="QUESTION")
    said = comment(post=question, author=bo, body="So.", now=now)
    assert "Questions answered" not in page_of(client, bo)
    accept_answer(post=question, comment=said, actor=ann, now=now)
    assert "Questions answered" in page_of(client, bo)


def test_home_shows_who_answered_and_who_said_something_last(
    client, ann, bo, mo, pia, publish, make_ask, now
):
    post = publish(ann, "Dark mode")
    comment(post=post, author=bo, body="I want that at night.", now=now)
    comment(post=post, author=mo, body="Among us.", is_internal=True, now=now)
    answer_ask(ask=make_ask(post), body="We are at it.", actor=pia, now=now)
    page = client.get("/").content.decode()
    lately = page[page.index("lately-title") :]
    assert "I want that at night." in lately
    assert "We are at it." in lately
    assert "Among us." not in lately


def test_what_is_hidden_is_not_said_lately(client, ann, bo, mo, publish, now):
    from feedback.forum.posts.operations import hide_post

    post = publish(ann, "Dark mode")
    comment(post=post, author=bo, body="I want that at night.", now=now)
    hide_post(post=post, moderator=mo, now=now)
    assert "I want that at night." not in client.get("/").content.decode()


def test_what_somebody_said_stands_on_their_page_as_far_as_everybody_may_read_it(
    client, client_of, publish, ann, bo, mo, now
):
    post, gone = publish(ann, "Dark mode"), publish(ann, "Light mode")
    said = comment(post=post, author=bo, body="**Please**, for the evening", now=now)
    hidden = comment(post=post, author=bo, body="Buy my hats", now=now)
    comment(post=gone, author=bo, body="Under what is hidden", now=now)
    hide_comment(comment=hidden, moderator=mo, now=now)
    hide_post(post=gone, moderator=mo, now=now)
    for reader in (client, client_of(ann), client_of(bo)):
        page = page_of(reader, bo, "?show=said")
        assert "Please, for the evening" in page and f"/comments/{said.public_id}/" in page
        assert "Buy my hats" not in page and "Under what is hidden" not in page
    assert "Please, for the evening" not in page_of(client, bo)
    assert "No comments yet" in page_of(client, ann, "?show=said")


def test_all_that_somebody_said_is_reached_page_by_page(client, ann, bo, publish):
    post = publish(ann)
    Comment.objects.bulk_create(
        Comment(post=post, author=bo, body=f"Number {n}.", posted_at=post.posted_at)
        for n in range(60)
    )
    seen, counted = [], set()
    for number in (1, 2, 3):
        with CaptureQueriesContext(connection) as captured:
            page = client.get(f"/people/{bo.public_id}/?show=said&page={number}")
        counted.add(len(captured))
        seen += [said for _, said, _ in page.context["page"].rows]
    assert seen == [f"Number {n}." for n in reversed(range(60))]
    assert "show=said&amp;page=2" in page.content.decode()
    assert client.get(f"/people/{bo.public_id}/?show=said&page=4").status_code == 404
    assert len(counted) <= 2, counted  # a process reads once how the site looks

"""A member has room for what one person means, and a flood has none: by trust, and however many come at once."""

import datetime as dt

import pytest

from feedback.accounts.models import User
from feedback.accounts.trust import Trust, trust_of
from feedback.forum import allowed
from feedback.forum.models import Comment, Post, Vote
from feedback.forum.votes.operations import vote
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def old_ann(ann, now):
    """Ann, who joined a week ago."""
    User.objects.filter(pk=ann.pk).update(joined_at=now - dt.timedelta(days=7))
    ann.refresh_from_db()
    return ann


def comment(client, post, number):
    return client.post(f"/posts/{post.public_id}/comments/", {"body": f"Me too, number {number}."})


def post(client, number):
    words = {"title": f"Wish {number}", "kind": "SUGGESTION", "board": "suggestions"}
    return client.post("/posts/new/", words)


def test_trust_comes_with_a_day_and_with_a_role(ann, mo, now):
    assert trust_of(ann, now=now) == Trust.NEW
    assert trust_of(ann, now=now + dt.timedelta(days=1)) == Trust.MEMBER
    assert trust_of(mo, now=now) == Trust.TEAM


def test_a_flood_of_comments_ends_and_no_word_is_lost(ann, client_of, publish, bo, frozen):
    subject, client = publish(bo, "Dark mode"), client_of(ann)
    answers = [comment(client, subject, number) for number in range(8)]
    assert [answer.status_code for answer in answers] == [302] * 6 + [429] * 2
    page = answers[-1].content.decode()
    assert "Me too, number 7." in page
    assert "Try again in 10 minutes." in page
    assert Comment.objects.count() == 6
    frozen.shift(600)
    assert comment(client, subject, 9).status_code == 302


def test_a_flood_of_posts_ends_and_no_word_is_lost(ann, client_of, board):
    client = client_of(ann)
    answers = [post(client, number) for number in range(5)]
    assert [answer.status_code for answer in answers] == [302] * 3 + [429] * 2
    assert "Wish 4" in answers[-1].content.decode()
    assert Post.objects.count() == 3


def test_a_day_has_an_end_too(ann, client_of, board, frozen):
    client = client_of(ann)
    codes = []
    for number in range(12):
        codes.append(post(client, number).status_code)
        frozen.shift(600)
    assert codes == [302] * 10 + [429] * 2


def test_who_is_known_may_do_more(old_ann, client_of, board):
    client = client_of(old_ann)
    assert [post(client, number).status_code for number in range(11)] == [302] * 10 + [429]


def test_the_team_is_not_held_up(mo, client_of, board):
    client = client_of(mo)
    assert {post(client, number).status_code for number in range(12)} == {302}


def test_somebody_else_is_not_held_up(ann, bo, client_of, board):
    first = client_of(ann)
    for number in range(4):
        post(first, number)
    assert post(client_of(bo), 9).status_code == 302


def test_votes_have_an_end_and_say_when_it_goes_on(ann, bo, client_of, publish, now):
    client = client_of(ann)
    for _ in range(29):
        allowed.spend(allowed.VOTES, ann, now=now)
    answers = []
    for number in range(2):
        wanted = publish(bo, f"Wish {number}", now=now - dt.timedelta(hours=number))
        answers.append(client.post(f"/posts/{wanted.public_id}/vote/", {"want": "1"}))
    last, answer = answers
    assert last.status_code < 400
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "600"
    assert "Try again in 10 minutes." in answer.content.decode()
    assert Vote.objects.filter(person=ann).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_get_through(ann, bo, publish, now):
    wanted = [publish(bo, f"Wish {number}", now=now) for number in range(40)]

    def want(post):
        allowed.spend(allowed.VOTES, ann, now=now)
        return vote(post=post, person=ann, now=now)

    outcomes = at_once(*[lambda post=post: want(post) for post in wanted])
    assert outcomes.count(True) == 30
    assert sorted({type(outcome).__name__ for outcome in outcomes}) == ["Refusal", "bool"]
    assert Vote.objects.filter(person=ann).count() == 30

"""A site on which people may post without an account, and a visitor who does."""

import re

import pytest
from django.test import Client

from feedback.forum.models import HoldingWishes, Post
from feedback.forum.moderation.deciding import Said, decide
from feedback.kernel import clock
from tests.accounts.test_captcha import solved

NEW = "/posts/new/"
TITLE = "Dark mode at night"


@pytest.fixture
def taken(settings, board):
    """People may post without an account; showing that one is a person is quick here."""
    settings.CAPTCHA = {"kind": "", "at": [], "work": 1_000, "hosts": []}
    return HoldingWishes.objects.create(takes_guests=True)


def filled(client, **more):
    """Return what a browser sends of the page of a new post, its proof of work done."""
    page = client.get(NEW).content.decode()
    said = {
        "title": TITLE,
        "body": "The white page hurts.",
        "kind": "SUGGESTION",
        "board": "suggestions",
        "draft": re.search(r'name="draft" value="(\w+)"', page)[1],
        "guest_name": "",
        "guest_email": "",
        "as": "guest",
        "altcha": solved(page),
    }
    return said | more


@pytest.fixture
def send(taken):
    """Send a post without an account, from a network of its own each time: ``send(guest_name="Lin")``."""
    count = iter(range(1, 250))

    def as_guest(client=None, **more):
        client = client or Client(REMOTE_ADDR=f"192.0.2.{next(count)}")
        return client.post(NEW, filled(client, **more))

    return as_guest


@pytest.fixture
def sent(send):
    """Send one and return the post, with where its sender sees what became of it as ``where``."""

    def as_guest(**more):
        answer = send(**more)
        assert answer.status_code == 302, answer.content.decode()
        post = Post.objects.get(public_id=answer["Location"].split("/")[2])
        post.where = answer["Location"]
        return post

    return as_guest


@pytest.fixture
def rule_on(rule, mo):
    """Decide about a post that waits: ``rule_on(post, "KEEP")``."""

    def say(post, action, **more):
        said = Said(action=action, rule=None if action == "KEEP" else rule, **more)
        case = post.cases.get(closed_at=None)
        ruling = decide(case=case, said=said, actor=mo, now=clock.now())
        post.refresh_from_db()
        return ruling

    return say

"""What is much like what the team removed waits for it, once the team has removed enough."""

import datetime as dt

import pytest
from django.core.cache import caches

from feedback.forum.models import HoldingWishes, Post
from feedback.forum.moderation.deciding import undo
from feedback.grouping.models import LearnedVerdicts
from feedback.grouping.verdicts.learning import learn_verdicts
from tests.cast import make_person

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)


@pytest.fixture
def taught(bo, mo, publish, reported, ruled, honest_words, now, board):
    """A site whose team removed thirty advertisements, and let a hundred and more reviews stand."""
    for title, body in honest_words:
        publish(bo, title, body=body, now=now - WEEK)
    for number in range(20):
        publish(bo, f"Wish {number} for the night", body=f"Please, number {number}", now=now - WEEK)
    seller = make_person("Seller")
    rulings = [
        ruled(
            reported(publish(seller, f"Cheap casino bonus {number}", body="Call now"), bo),
            mo,
            "REMOVE",
        )
        for number in range(30)
    ]
    learned = learn_verdicts(now=now)
    caches["template_fragments"].clear()
    assert learned.weights
    return rulings


def post(client, title, body="Call now, best bonus"):
    words = {"title": title, "body": body, "kind": "SUGGESTION", "board": "suggestions"}
    client.post("/posts/new/", words)
    return Post.objects.get(title=title)


def test_what_is_like_what_was_removed_waits_and_its_author_sees_why(taught, ann, client_of):
    held = post(client_of(ann), "Casino bonus, very cheap")
    assert held.state == "HELD"
    page = client_of(ann).get(f"/posts/{held.public_id}/").content.decode()
    assert "much like what was removed" in page


def test_what_is_not_like_it_is_posted_at_once(taught, ann, client_of):
    assert post(client_of(ann), "A dark theme for reading", "My eyes hurt.").state == "PUBLISHED"


def test_what_is_taken_back_teaches_nothing_any_more(taught, ann, mo, client_of, now):
    for ruling in taught:
        undo(ruling=ruling, actor=mo, now=now)
    learn_verdicts(now=now + dt.timedelta(minutes=1))
    caches["template_fragments"].clear()
    HoldingWishes.objects.create(holds_adverts=False)
    assert post(client_of(ann), "Casino bonus, very cheap").state == "PUBLISHED"


def test_it_learns_only_when_something_was_decided(taught, now):
    assert learn_verdicts(now=now) is None
    assert LearnedVerdicts.objects.count() == 1

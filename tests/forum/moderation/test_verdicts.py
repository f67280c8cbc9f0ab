"""What is much like what the team removed waits for it, once the team has removed enough."""

import datetime as dt

import pytest
from django.core.cache import caches

from feedback.forum.models import HoldingWishes, Post, Ruling
from feedback.forum.moderation.deciding import undo
from feedback.forum.products.operations import default_product
from feedback.grouping.models import LearnedVerdicts
from feedback.grouping.verdicts.learning import learn_verdicts
from feedback.kernel import clock
from tests.cast import known, make_person, moderator, publish, suggestions
from tests.moderating import report, reviews_of_the_sample, say
from tests.shared import share

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)


def _teach():
    """Make a site whose team removed thirty advertisements, and let a hundred and more reviews stand."""
    now, bo, mo = clock.now(), known("Bo"), moderator()
    board = suggestions(default_product(now=now))
    wishes = [(f"Wish {number} for the night", f"Please, number {number}") for number in range(20)]
    for title, body in [*reviews_of_the_sample(), *wishes]:
        publish(bo, title, body=body, now=now - WEEK, board=board)
    seller = make_person("Seller")
    for number in range(30):
        advert = publish(seller, f"Cheap casino bonus {number}", body="Call now", board=board)
        say(report(advert, bo), mo, "REMOVE")
    assert learn_verdicts(now=now).weights
    caches["template_fragments"].clear()


TAUGHT = share("taught", _teach)


@pytest.fixture
def taught(bo, mo, board):
    """What the team of that site decided."""
    if not TAUGHT.is_there:
        _teach()
    return list(Ruling.objects.filter(action="REMOVE"))


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
    assert len(taught) == 30
    for ruling in taught:
        undo(ruling=ruling, actor=mo, now=now)
    learn_verdicts(now=now + dt.timedelta(minutes=1))
    caches["template_fragments"].clear()
    HoldingWishes.objects.create(holds_adverts=False)
    assert post(client_of(ann), "Casino bonus, very cheap").state == "PUBLISHED"


def test_it_learns_only_when_something_was_decided(taught, now):
    assert learn_verdicts(now=now) is None
    assert LearnedVerdicts.objects.count() == 1

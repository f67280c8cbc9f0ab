"""Whom a decision concerns appeals once, and somebody else of the team answers."""

import datetime as dt

import pytest

from feedback.forum.models import Case, Ruling
from feedback.forum.moderation.appealing import appeal
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.notify.models import Notice
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruling(ann, bo, mo, publish, reported, ruled):
    """Mo removed a post of Ann's that Bo reported."""
    return ruled(reported(publish(ann, "Cheap hats", body="Mine"), bo), mo, "REMOVE")


def send(client, ruling, words="They are mine."):
    return client.post(f"/moderation/{ruling.public_id}/", {"words": words})


def test_an_appeal_goes_to_somebody_else_and_brings_the_words_back(
    ruling, ann, bo, mo, pia, client_of, ruled, run_jobs
):
    assert send(client_of(ann), ruling).status_code == 302
    case = Case.objects.get(closed_at=None)
    page = client_of(mo).get(f"/desk/moderation/{case.public_id}/").content.decode()
    assert "somebody else of the team answers" in page and 'value="GRANT"' not in page
    with pytest.raises(Refusal, match="yourself"):
        ruled(case, mo, "GRANT")
    with pytest.raises(Refusal, match="appealed"):
        ruled(case, pia, "KEEP")
    answer = client_of(pia).post(f"/desk/moderation/{case.public_id}/", {"do": "GRANT"})
    assert answer.status_code == 302
    ruling.case.post.refresh_from_db()
    assert (ruling.case.post.state, ruling.case.post.body) == ("PUBLISHED", "Mine")
    run_jobs()
    told = Notice.objects.filter(person=ann, entry__verb="forum.moderation-undone").get()
    assert told.data["appealed"]
    assert "granted" in client_of(ann).get(f"/moderation/{ruling.public_id}/").content.decode()


def test_an_appeal_may_be_refused_and_there_is_no_second(
    ruling, ann, mo, pia, client_of, ruled, run_jobs
):
    client = client_of(ann)
    send(client, ruling)
    ruled(Case.objects.get(closed_at=None), pia, "DENY")
    run_jobs()
    assert "the decision stands" in client.get(f"/moderation/{ruling.public_id}/").content.decode()
    assert "the decision stands" in client.get("/inbox/").content.decode()
    send(client, ruling, "Again!")
    ruling.refresh_from_db()
    assert ruling.appeal == "They are mine."
    assert not Case.objects.filter(closed_at=None).exists()


def test_where_there_is_nobody_else_the_queue_says_so(ruling, ann, mo, client_of, ruled):
    send(client_of(ann), ruling)
    case = Case.objects.get(closed_at=None)
    page = client_of(mo).get(f"/desk/moderation/{case.public_id}/").content.decode()
    assert "nobody else is on the team" in page
    ruled(case, mo, "GRANT")


def test_nobody_appeals_for_another_or_too_late(ruling, ann, bo, mo, client_of, frozen):
    assert send(client_of(bo), ruling).status_code == 404
    assert send(client_of(None), ruling).headers["Location"].startswith("/accounts/login/")
    send(client_of(mo), ruling)
    assert Ruling.objects.get().appealed_at is None
    assert send(client_of(ann), ruling, "").status_code == 422
    frozen.shift(dt.timedelta(days=31))
    send(client_of(ann), ruling)
    assert Ruling.objects.get().appealed_at is None


@pytest.mark.django_db(transaction=True)
def test_appeals_at_once_are_one(ruling, ann):
    def send_in(words):
        return appeal(ruling=ruling, person=ann, words=words, now=clock.now())

    outcomes = at_once(*[lambda n=n: send_in(f"Reason {n}") for n in range(4)])
    assert sum(isinstance(one, Refusal) for one in outcomes) == 3
    assert Case.objects.filter(closed_at=None).count() == 1

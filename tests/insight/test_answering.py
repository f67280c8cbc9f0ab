"""Answering and declining: said once, and found wherever it was asked."""

import datetime as dt

import pytest

from feedback.insight import operations
from feedback.insight.models import Answer
from feedback.insight.operations.recording import NotPossible
from feedback.journal.models import Entry

pytestmark = pytest.mark.django_db


def written(verb):
    return Entry.objects.filter(verb=verb).count()


# --- Sent twice -----------------------------------------------------------------------------------------
def test_an_answer_sent_twice_is_given_once(dark_mode, pia, client_of):
    desk = client_of(pia)
    for _ in range(2):
        page = desk.post(f"/desk/asks/{dark_mode.public_id}/answer/", {"body": "We hear you."})
        assert page.status_code == 302
    assert Answer.objects.count() == 1
    assert written("insight.ask-answered") == 1


def test_other_words_or_the_same_words_later_are_another_answer(dark_mode, pia, ada, now):
    operations.answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=now)
    operations.answer_ask(ask=dark_mode, body="Very soon.", actor=pia, now=now)
    operations.answer_ask(ask=dark_mode, body="Soon.", actor=ada, now=now)
    later = now + dt.timedelta(minutes=3)
    operations.answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=later)
    assert Answer.objects.count() == 4


def test_a_refusal_sent_twice_is_said_once(dark_mode, pia, client_of):
    desk = client_of(pia)
    for _ in range(2):
        desk.post(f"/desk/asks/{dark_mode.public_id}/decline/", {"reason": "Too dear."})
    assert written("insight.ask-declined") == 1


def test_a_refusal_keeps_the_reason_that_everyone_has_read(dark_mode, pia, now, client_of):
    operations.decline_ask(ask=dark_mode, reason="Too dear.", actor=pia, now=now)
    with pytest.raises(NotPossible, match="declined already"):
        operations.decline_ask(ask=dark_mode, reason="Too hard.", actor=pia, now=now)
    page = client_of(pia).post(
        f"/desk/asks/{dark_mode.public_id}/decline/", {"reason": "Too hard."}
    )
    assert page.status_code == 422
    assert "is declined already, for another reason" in page.content.decode()
    assert written("insight.ask-declined") == 1
    dark_mode.refresh_from_db()
    assert dark_mode.decline_reason == "Too dear."

"""What was said can be said better: edited, withdrawn, brought back; told again only where the team says so."""

import datetime as dt

import pytest

from feedback.asks.answering.editing import edit_answer, undo_answer, withdraw_answer
from feedback.asks.answers import answer_ask, decline_ask
from feedback.asks.models import Answer
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from feedback.notify.models import Notice
from tests.notify.conftest import deliver  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(dark_mode, pia, now):
    """What Pia said to everyone behind dark mode, in both languages."""
    return answer_ask(ask=dark_mode, body="In spring.", body_zh="春天。", actor=pia, now=now)


def page_of(ask, client, language="en"):
    return client.get(
        f"/asks/{ask.public_id}/", headers={"accept-language": language}
    ).content.decode()


# --- In both languages ----------------------------------------------------------------------------------
def test_each_reader_reads_the_answer_in_their_language(dark_mode, pia, client_of):
    said = {"body": "In spring.", "body_zh": "春天。"}
    page = client_of(pia).post(f"/desk/asks/{dark_mode.public_id}/answer/", said)
    assert page.status_code == 302
    english, chinese = (page_of(dark_mode, client_of(None), one) for one in ("en", "zh-hans"))
    assert "In spring." in english and "春天。" not in english
    assert "春天。" in chinese and "In spring." not in chinese


def test_who_is_told_reads_it_in_their_language(answer, deliver, ann, client_of):  # noqa: F811
    deliver()
    inbox = client_of(ann).get("/inbox/", headers={"accept-language": "zh-hans"})
    assert "春天。" in inbox.content.decode()


def test_without_chinese_words_everyone_reads_the_same(dark_mode, pia, now, client_of):
    answer_ask(ask=dark_mode, body="In spring.", actor=pia, now=now)
    assert "In spring." in page_of(dark_mode, client_of(None), "zh-hans")


# --- Editing ---------------------------------------------------------------------------------------------
def test_an_edit_tells_nobody_unless_it_is_ticked(answer, dark_mode, pia, deliver, client_of):  # noqa: F811
    deliver()
    told = Notice.objects.count()
    assert told
    desk, address = client_of(pia), f"/desk/answers/{answer.public_id}/"
    assert desk.post(address, {"body": "In early spring."}).status_code == 302
    deliver()
    assert Notice.objects.count() == told
    desk.post(address, {"body": "In autumn.", "tell": "on"})
    deliver()
    assert Notice.objects.count() == 2 * told
    desk.post(address, {"body": "In autumn.", "tell": "on"})
    deliver()
    assert Notice.objects.count() == 2 * told
    page = page_of(dark_mode, client_of(None))
    assert "In autumn." in page and "· edited" in page


def test_the_journal_keeps_the_words_before_and_after(answer, pia, now):
    edit_answer(answer=answer, body="In autumn.", actor=pia, now=now)
    said = Entry.objects.get(verb="asks.answer-edited").data
    assert said["before"] == {"body": "In spring.", "body_zh": "春天。"}
    assert said["after"] == {"body": "In autumn.", "body_zh": ""}
    assert said["tells"] is False


def test_the_former_words_come_back_within_a_day(answer, pia, now, client_of):
    edit_answer(answer=answer, body="In autumn.", actor=pia, now=now)
    client_of(pia).post(f"/desk/answers/{answer.public_id}/undo/")
    answer.refresh_from_db()
    assert (answer.body, answer.body_zh) == ("In spring.", "春天。")
    edit_answer(answer=answer, body="In autumn.", actor=pia, now=now)
    with pytest.raises(Refusal, match="more than a day"):
        undo_answer(answer=answer, actor=pia, now=now + dt.timedelta(days=1, minutes=1))


# --- Withdrawing -----------------------------------------------------------------------------------------
def test_a_withdrawn_answer_is_read_nowhere_and_leaves_the_ask_unanswered(
    answer,
    dark_mode,
    pia,
    deliver,  # noqa: F811
    ann,
    client_of,
):
    client_of(pia).post(f"/desk/answers/{answer.public_id}/withdraw/")
    deliver()
    assert not Notice.objects.exists(), "Who was not told yet is not told."
    dark_mode.refresh_from_db()
    assert dark_mode.answered_at is None
    for address in (
        f"/asks/{dark_mode.public_id}/",
        f"/posts/{dark_mode.medoid.public_id}/",
        "/",
    ):
        assert "In spring." not in client_of(None).get(address).content.decode()
    client_of(pia).post(f"/desk/answers/{answer.public_id}/undo/")
    dark_mode.refresh_from_db()
    assert dark_mode.answered_at == answer.answered_at
    assert "In spring." in page_of(dark_mode, client_of(None))


def test_who_was_told_reads_withdrawn_words_no_more(answer, pia, now, deliver, ann, client_of):  # noqa: F811
    deliver()
    assert "In spring." in client_of(ann).get("/inbox/").content.decode()
    withdraw_answer(answer=answer, actor=pia, now=now)
    assert "In spring." not in client_of(ann).get("/inbox/").content.decode()


def test_an_earlier_answer_keeps_the_ask_answered(answer, dark_mode, pia, now):
    later = answer_ask(ask=dark_mode, body="Now.", actor=pia, now=now + dt.timedelta(days=2))
    withdraw_answer(answer=answer, actor=pia, now=now + dt.timedelta(days=3))
    dark_mode.refresh_from_db()
    assert dark_mode.answered_at == later.answered_at
    with pytest.raises(Refusal, match="withdrawn meanwhile"):
        edit_answer(answer=answer, body="Hm.", actor=pia, now=now)


def test_a_member_changes_no_answer(answer, ann, client_of):
    for step in ("", "withdraw/", "undo/"):
        page = client_of(ann).post(f"/desk/answers/{answer.public_id}/{step}", {"body": "Mine."})
        assert page.status_code == 403
    assert Answer.objects.get().body == "In spring."


# --- A reason ----------------------------------------------------------------------------------------------
def test_a_reason_is_worded_anew_and_told_again_only_where_ticked(
    dark_mode,
    pia,
    now,
    deliver,  # noqa: F811
    client_of,
):
    decline_ask(ask=dark_mode, reason="Too dear.", actor=pia, now=now)
    deliver()
    told = Notice.objects.count()
    address = f"/desk/asks/{dark_mode.public_id}/reason/"
    client_of(pia).post(address, {"reason": "Too dear this year."})
    deliver()
    assert Notice.objects.count() == told
    assert "Too dear this year." in page_of(dark_mode, client_of(None))
    client_of(pia).post(address, {"reason": "Ask again in May.", "tell": "on"})
    deliver()
    assert Notice.objects.count() == 2 * told
    said = Entry.objects.filter(verb="asks.decline-reason-edited").last().data
    assert (said["before"], said["reason"]) == ("Too dear this year.", "Ask again in May.")


def test_there_is_no_reason_to_word_where_nothing_was_declined(dark_mode, pia, client_of):
    page = client_of(pia).post(f"/desk/asks/{dark_mode.public_id}/reason/", {"reason": "No."})
    assert page.status_code == 422 or page.status_code == 409
    dark_mode.refresh_from_db()
    assert dark_mode.decline_reason == ""

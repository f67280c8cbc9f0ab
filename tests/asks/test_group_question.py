"""The team asks those behind an ask one question, and sees what they reply as parts of it."""

import pytest

from feedback.asks.answering.group import ask_group, reply
from feedback.asks.decisions.shape import join_asks
from feedback.asks.models import Ask, GroupReply
from feedback.journal import operations as journal
from feedback.kernel.refusals import Refusal
from feedback.notify.channels.inbox.presenting import told as shown
from feedback.notify.models import Notice
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme(ann, bo, publish, make_ask):
    """An ask with a post of Ann's and one of Bo's."""
    return make_ask(publish(ann, "Dark mode"), publish(bo, "Night theme"))


@pytest.fixture
def asked(theme, pia, client_of):
    """The question that Pia asked of both."""
    said = {"question": "When?", "question_zh": "何时？", "choices": "At night | 夜里\nAlways"}
    page = client_of(pia).post(f"/desk/asks/{theme.public_id}/question/", said)
    assert page.status_code == 302
    return theme.questions.get()


def told(now):
    while journal.deliver_due(now=now):
        pass
    return Notice.objects.filter(entry__verb="asks.group-asked")


def test_those_behind_it_are_told_once_and_led_to_the_question(
    asked, theme, ann, bo, now, client_of
):
    notices = told(now)
    assert {notice.person for notice in notices} == {ann, bo}
    assert {shown(one).url for one in notices} == {f"/asks/{theme.public_id}/#question"}
    page = client_of(ann).get(f"/asks/{theme.public_id}/", headers={"accept-language": "zh-hans"})
    words = page.content.decode()
    assert "何时？" in words and "夜里" in words


def test_nobody_else_is_asked_or_may_reply(asked, theme, mo, client_of):
    address = f"/asks/{theme.public_id}/"
    for who in (None, mo):
        assert "When?" not in client_of(who).get(address).content.decode()
    assert client_of(mo).post(f"{address}reply/", {"choice": "0"}).status_code == 403
    assert not GroupReply.objects.exists()


def test_replies_are_counted_once_a_person_and_may_be_split_off(
    asked, theme, ann, bo, pia, client_of
):
    address = f"/asks/{theme.public_id}/reply/"
    client_of(ann).post(address, {"choice": "1"})
    client_of(ann).post(address, {"choice": "0", "words": "From nine on"})
    client_of(bo).post(address, {"choice": "1"})
    desk = f"/desk/asks/{theme.public_id}/"
    page = client_of(pia).get(desk)
    assert [one.people for one in page.context["asked"].choices] == [1, 1]
    assert "From nine on" in page.content.decode()
    assert "From nine on" not in client_of(None).get(f"/asks/{theme.public_id}/").content.decode()
    part = client_of(pia).get(f"{desk}?part=reply-1")
    assert "Make “Always” an ask of its own" in part.content.decode()
    assert [one.post.title for one in part.context["evidence"]] == ["Night theme"]
    client_of(pia).post(f"{desk}split/?part=reply-1", {"title": "Always dark"})
    split = Ask.objects.get(title="Always dark")
    assert [one.post.title for one in split.memberships.all()] == ["Night theme"]


def test_a_closed_question_takes_no_reply_and_another_may_be_asked(
    asked, theme, ann, pia, now, client_of
):
    with pytest.raises(Refusal, match="open already"):
        ask_group(ask=theme, question="Why?", actor=pia, now=now)
    client_of(pia).post(f"/desk/questions/of/{asked.public_id}/close/")
    with pytest.raises(Refusal, match="closed"):
        reply(question=asked, person=ann, choice=0, now=now)
    assert (
        client_of(ann).post(f"/asks/{theme.public_id}/reply/", {"choice": "0"}).status_code == 404
    )
    ask_group(ask=theme, question="Why?", actor=pia, now=now)


@pytest.mark.parametrize(
    "choices", ["One", "\n".join("abcdefghi"), "| 只有中文\nTwo"], ids=["one", "nine", "no words"]
)
def test_a_question_needs_choices_that_one_can_choose_from(choices, theme, pia, client_of):
    said = {"question": "When?", "choices": choices}
    page = client_of(pia).post(f"/desk/asks/{theme.public_id}/question/", said)
    assert page.status_code == 422
    assert not theme.questions.exists()


@pytest.mark.parametrize("said", [{}, {"choice": "7"}, {"choice": "²"}, {"words": " \u200b"}])
def test_a_reply_says_something(said, asked, theme, ann, client_of):
    client_of(ann).post(f"/asks/{theme.public_id}/reply/", said)
    assert not GroupReply.objects.exists()


def test_a_question_goes_along_when_its_ask_is_joined(
    asked, theme, ann, mo, pia, publish, make_ask, now, client_of
):
    other = make_ask(publish(mo, "Black theme"))
    join_asks(ask=theme, into=other, actor=pia, now=now)
    client_of(ann).post(f"/asks/{theme.public_id}/reply/", {"choice": "0"})
    assert GroupReply.objects.get().person == ann


@pytest.mark.django_db(transaction=True)
def test_replying_at_once_replies_once(theme, ann, pia, now):
    question = ask_group(ask=theme, question="When?", actor=pia, now=now)
    at_once(*[lambda: reply(question=question, person=ann, words="Now", now=now)] * 4)
    assert GroupReply.objects.count() == 1

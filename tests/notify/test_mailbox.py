"""A mailbox that is down, slow, refuses, or is read by somebody who dies in the middle: no reply is lost, none comes twice."""

import datetime as dt

import pytest

from feedback.forum.models import Comment
from feedback.kernel import clock
from feedback.notify.mailbox import imap as reading_imap
from feedback.notify.mailbox import polling
from feedback.notify.models import ArrivedMail, Mailbox
from feedback.ops.doctor import work
from tests.notify.replying import reply_to
from tests.roadmap.test_at_once import at_once


@pytest.fixture
def reply(told_of, mailbox):
    """A reply that waits in the mailbox."""
    return mailbox.put(reply_to(told_of[1], "Hello").as_bytes())


def state():
    return Mailbox.objects.get()


def test_a_mailbox_that_is_down_is_asked_less_and_less(mailbox, reply, settings, look, frozen, ann):
    settings.MAIL_IN = settings.MAIL_IN | {"port": 9}
    look()
    waits = [state().due_at - clock.now()]
    while state().failures < 8:
        frozen.move_to(state().due_at)
        look()
        waits.append(state().due_at - clock.now())
    assert waits[0] == dt.timedelta(seconds=30) and waits[-1] == dt.timedelta(minutes=10)
    assert "refused" in state().error
    settings.MAIL_IN = settings.MAIL_IN | {"port": mailbox.port}
    assert look() == [], "It was promised a pause."
    frozen.move_to(state().due_at)
    assert look() == ["COMMENTED"]
    assert (state().failures, state().error, state().waiting) == (0, "", 0)


def test_a_wrong_password_is_told(mailbox, reply, settings, look):
    mailbox.password = "another"
    assert look() == []
    assert "AUTHENTICATIONFAILED" in state().error
    assert "p@ss" not in state().error


def test_a_mailbox_that_says_nothing_is_not_waited_for(mailbox):
    mailbox.silent_for = 0.5
    with pytest.raises(reading_imap.MailboxAway), reading_imap.opened(patience=0.1):
        pass


@pytest.mark.parametrize("command", ["SELECT", "UID SEARCH", "UID FETCH"])
def test_a_mailbox_that_hangs_up_delays(mailbox, reply, look, frozen, command):
    mailbox.hangs_up_on = command
    assert look() == []
    mailbox.hangs_up_on = ""
    frozen.move_to(state().due_at)
    assert look() == ["COMMENTED"]


def test_a_program_says_who_it_is_where_that_is_asked(mailbox, reply, look):
    mailbox.wants_id = True
    assert look() == ["COMMENTED"]


def test_the_others_are_read_once_the_mark_could_not_be_set(mailbox, told_of, reply, look, frozen):
    mailbox.put(reply_to(told_of[1], "Hello again", message_id="<2@x>").as_bytes())
    mailbox.hangs_up_on = "UID STORE"
    assert look() == ["COMMENTED"]
    mailbox.hangs_up_on = ""
    frozen.move_to(state().due_at)
    assert look() == ["COMMENTED"]
    assert Comment.objects.filter(body__startswith="Hello").count() == 2


# --- Once ------------------------------------------------------------------------------------------------------------
def test_one_that_dies_between_reading_and_noting_has_done_nothing(
    mailbox, reply, look, frozen, monkeypatch
):
    class Killed(BaseException):
        pass

    take = polling.take

    def die(arrived, *, now):
        take(arrived, now=now)
        raise Killed

    monkeypatch.setattr(polling, "take", die)
    with pytest.raises(Killed):
        look()
    assert not ArrivedMail.objects.exists() and not Comment.objects.filter(body="Hello").exists()
    monkeypatch.setattr(polling, "take", take)
    assert look() == [], "Whoever died still holds it."
    frozen.shift(polling.LEASE + dt.timedelta(seconds=1))
    assert look() == ["COMMENTED"]


def test_one_that_was_away_for_too_long_writes_nothing(mailbox, reply, look, monkeypatch):
    fetch = reading_imap.Opened.fetch

    def taken_over_meanwhile(box, uid):
        Mailbox.objects.update(attempts=99)
        return fetch(box, uid)

    monkeypatch.setattr(reading_imap.Opened, "fetch", taken_over_meanwhile)
    assert look() == []
    assert not Comment.objects.filter(body="Hello").exists()


@pytest.mark.parametrize("change", ["twice", "numbered anew", "read from the start"])
def test_a_mail_that_is_handed_over_again_is_known(mailbox, reply, look, change):
    look()
    if change == "twice":
        mailbox.put(mailbox.mails[reply])
    elif change == "numbered anew":
        mailbox.uid_validity += 1
        mailbox.mails = {41: mailbox.mails[reply]}
    else:
        Mailbox.objects.update(last_uid=0)
    assert look() == []
    assert Comment.objects.filter(body="Hello").count() == 1


@pytest.mark.django_db(transaction=True)
def test_four_workers_make_one_comment_of_each_reply(mailbox, told_of, look):
    for number in range(5):
        mailbox.put(reply_to(told_of[1], f"Hello {number}", message_id=f"<{number}@x>").as_bytes())
    at_once(*[lambda: polling.look(now=clock.now())] * 4)
    polling.look(now=clock.now())
    said = Comment.objects.filter(body__startswith="Hello").values_list("body", flat=True)
    assert sorted(said) == [f"Hello {number}" for number in range(5)]


# --- What doctor says ------------------------------------------------------------------------------------------------
def test_doctor_says_how_the_mailbox_is(mailbox, reply, settings, look, frozen):
    finding = work.mailbox()
    assert (finding.level, finding.words[:7]) == ("WARN", "1 wait "), "No worker has looked yet."
    look()
    frozen.shift(30)
    said = "0 wait in reply@heed.example@127.0.0.1/INBOX, last read 30 s ago"
    assert (work.mailbox().level, work.mailbox().words) == ("PASS", said)
    frozen.shift(3600)
    assert work.mailbox().level == "WARN"
    mailbox.password = "another"
    finding = work.mailbox()
    assert finding.level == "FAIL" and "AUTHENTICATIONFAILED" in finding.words
    settings.MAIL_IN = {}
    assert work.mailbox().level == "PASS"

"""News by mail: who gets what, what it says, and how it is stopped."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from feedback.asks.answers import answer_ask
from feedback.asks.stages import Stage
from feedback.forum.comments.operations import comment
from feedback.forum.posts.operations import withdraw_post
from feedback.kernel import clock
from feedback.notify.channels.email import sending
from feedback.notify.channels.email.queue import due_at
from feedback.notify.following.operations import subscribe
from feedback.notify.groups import About, Group, Pace
from feedback.notify.models import Delivery, Mail, Notice, Subscription, Wishes
from feedback.notify.wishes import operations as wishes
from feedback.roadmap import operations as roadmap
from tests.notify.smtp import parts

MINUTES = dt.timedelta(minutes=3)


def test_who_asked_and_who_wanted_it_get_a_mail_each(server, item, dark_mode, ann, bo, pia, send):
    send()
    server.mails.clear()
    answer_ask(ask=dark_mode, body="We are at it.", actor=pia, now=clock.now())
    assert send() == 2
    (mail,) = server.to("ann@example.org")
    text, html = parts(mail)
    assert mail["Subject"] == "The team answered what you asked for: Dark mode, please"
    assert "We are at it." in text and "We are at it." in html
    assert f"/asks/{dark_mode.public_id}/" in text and f"/asks/{dark_mode.public_id}/" in html
    (other,) = server.to("bo@example.org")
    assert "what you wanted too" in other["Subject"]
    assert not server.to("pia@example.org"), "Whoever did it knows."
    assert send() == 0


def test_a_mail_speaks_its_readers_language(server, item, dark_mode, ann, bo, pia, send):
    type(ann).objects.filter(pk=ann.pk).update(language="zh-hans")
    send()
    chinese, english = server.to("ann@example.org")[0], server.to("bo@example.org")[0]
    assert chinese["Content-Language"] == "zh-hans" and english["Content-Language"] == "en"
    assert "团队" in parts(chinese)[0] or "采纳" in chinese["Subject"]
    assert "Planned" in english["Subject"]


def test_what_happens_within_minutes_is_one_mail(
    server, item, dark_mode, bo, pia, send, deliver, frozen
):
    deliver()
    frozen.shift(dt.timedelta(seconds=70))
    roadmap.move(item=item, stage=Stage.IN_PROGRESS, actor=pia, now=clock.now())
    deliver()
    frozen.shift(dt.timedelta(seconds=40))
    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=clock.now())
    assert send(dt.timedelta(seconds=15)) == 2
    assert send() == 0
    (mail,) = server.to("bo@example.org")
    text, _html = parts(mail)
    for said in ("Planned", "Work has begun", "The team answered"):
        assert said in text


def test_what_was_read_is_not_mailed(server, item, ann, bo, deliver, send):
    deliver()
    Notice.objects.filter(person=ann).update(read_at=clock.now())
    assert send() == 1
    assert not server.to("ann@example.org")


def test_without_a_mail_server_nothing_waits(item, deliver, db):
    deliver()
    assert Notice.objects.exists() and not Delivery.objects.exists()


def test_an_address_that_was_never_proven_gets_nothing(server, item, ann, send):
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=ann, email=ann.email, verified=False)
    assert send() == 1
    assert not server.to(ann.email)


def test_words_that_were_taken_back_are_not_mailed(
    server, publish, ann, bo, mo, send, deliver, frozen
):
    board = publish(ann, "Hello").board
    subscribe(person=bo, about=About.BOARD, about_id=board.pk, is_muted=False, now=clock.now())
    wishes.choose(person=bo, mail={Group.FOLLOWED: Pace.NOW}, now=clock.now())
    number = publish(ann, "Call me", body="at xyzzy")
    publish(ann, "Louder bells")
    deliver()
    withdraw_post(post=number, author=ann, now=clock.now())
    assert send() == 1
    text, html = parts(server.to("bo@example.org")[0])
    assert "Louder bells" in text
    assert "xyzzy" not in text + html and "Call me" not in text + html


def test_what_is_muted_meanwhile_is_not_mailed(server, item, dark_mode, ann, deliver, send):
    deliver()
    subscribe(person=ann, about=About.ASK, about_id=dark_mode.pk, is_muted=True, now=clock.now())
    assert send() == 1
    assert not server.to("ann@example.org")


def test_a_mail_goes_to_no_address_that_was_left(server, item, ann, send, frozen):
    server.refuses["ann@example.org"] = (450, "busy")
    send()
    type(ann).objects.filter(pk=ann.pk).update(email="ann@new.example")
    server.refuses.clear()
    frozen.shift(dt.timedelta(hours=1))
    assert sending.send_due(now=clock.now()).sent == 0
    assert Mail.objects.get(person=ann).state == "DROPPED"


def test_where_mails_went_is_forgotten_in_time(server, item, send, frozen):
    send()
    frozen.shift(dt.timedelta(days=31))
    sending.tidy(now=clock.now())
    assert set(Mail.objects.values_list("address", "state")) == {("", "SENT")}


# --- How a person wants it --------------------------------------------------------------------------------------
def test_a_digest_gathers_a_week(
    server, item, dark_mode, ann, pia, publish, bo, frozen, send, deliver
):
    wishes.choose(person=ann, mail=dict.fromkeys(Group, Pace.WEEKLY), now=clock.now())
    deliver()
    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=clock.now())
    post = publish(ann, "Louder bells")
    comment(post=post, author=bo, body="Yes please", now=clock.now())
    send()
    assert not server.to("ann@example.org"), "It is Friday."
    frozen.move_to(dt.datetime(2026, 3, 9, 7, 59, tzinfo=dt.UTC))
    sending.send_due(now=clock.now())
    assert not server.to("ann@example.org")
    frozen.move_to(dt.datetime(2026, 3, 9, 8, 1, tzinfo=dt.UTC))
    sending.send_due(now=clock.now())
    (mail,) = server.to("ann@example.org")
    assert mail["Subject"] == "News of 2 things you asked for or follow"
    assert "Yes please" in parts(mail)[0] and "Soon." in parts(mail)[0]


def test_who_wants_none_of_a_group_gets_none_of_it(server, item, dark_mode, ann, pia, send):
    wishes.choose(person=ann, mail={Group.ROADMAP: Pace.NEVER}, now=clock.now())
    send()
    assert not server.to("ann@example.org")
    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=clock.now())
    send()
    assert len(server.to("ann@example.org")) == 1


def test_quiet_hours_hold_mail_back():
    zone = "Asia/Shanghai"
    quiet = Wishes(quiet_from=dt.time(22), quiet_until=dt.time(7, 30), time_zone=zone)
    late = dt.datetime(2026, 3, 6, 15, 0, tzinfo=dt.UTC)  # 23:00 there
    early = dt.datetime(2026, 3, 6, 23, 0, tzinfo=dt.UTC)  # 7:00 there
    noon = dt.datetime(2026, 3, 6, 4, 0, tzinfo=dt.UTC)
    morning = dt.datetime(2026, 3, 6, 23, 30, tzinfo=dt.UTC)
    assert due_at(Pace.NOW, quiet, now=late) == morning
    assert due_at(Pace.NOW, quiet, now=early) == morning
    assert due_at(Pace.NOW, quiet, now=noon) < noon + dt.timedelta(minutes=5)
    noon_to_two = Wishes(quiet_from=dt.time(12), quiet_until=dt.time(14), time_zone=zone)
    assert due_at(Pace.NOW, noon_to_two, now=noon) == noon + dt.timedelta(hours=2)
    long_sleep = Wishes(quiet_from=dt.time(22), quiet_until=dt.time(9), time_zone=zone)
    nine = dt.datetime(2026, 3, 7, 1, 0, tzinfo=dt.UTC)
    assert due_at(Pace.DAILY, long_sleep, now=noon) == nine, "A digest is mail too."


@pytest.mark.parametrize("pace", [Pace.DAILY, Pace.WEEKLY])
def test_a_digest_is_due_in_the_morning_of_its_reader(pace):
    there = Wishes(time_zone="America/New_York")
    due = due_at(pace, there, now=dt.datetime(2026, 3, 6, 12, 0, tzinfo=dt.UTC))
    local = due.astimezone(timezone.zoneinfo.ZoneInfo("America/New_York"))
    assert (local.hour, local.minute) == (8, 0)
    assert pace == Pace.DAILY or local.weekday() == 0


# --- Unsubscribing ------------------------------------------------------------------------------------------------
def stop_path(mail):
    """Return the way that a mail program posts to, as the header has it."""
    return mail["List-Unsubscribe"].strip(" <>").removeprefix("http://127.0.0.1:8000")


def test_one_click_needs_no_sign_in(server, item, dark_mode, ann, pia, send, client):
    send()
    (mail,) = server.to("ann@example.org")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = stop_path(mail)
    assert client.get(path).status_code == 200
    assert not Wishes.objects.exists(), (
        "Opening a link changes nothing: link checkers open every link."
    )
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    roadmap.move(item=item, stage=Stage.IN_PROGRESS, actor=pia, now=clock.now())
    send()
    assert len(server.to("ann@example.org")) == 1
    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=clock.now())
    send()
    assert len(server.to("ann@example.org")) == 2, "Only the group of that mail was stopped."


@pytest.mark.parametrize(
    ("want", "left"), [("ALL", {"NEVER"}), ("DAILY", {"DAILY"}), ("WEEKLY", {"WEEKLY"})]
)
def test_the_page_behind_the_link_offers_less(server, item, ann, send, client, want, left):
    send()
    path = stop_path(server.to("ann@example.org")[0])
    assert client.post(path, {"want": want}).status_code == 200
    assert set(Wishes.objects.get(person=ann).mail.values()) == left


def test_less_is_never_more(server, item, ann, send, client):
    send()
    path = stop_path(server.to("ann@example.org")[0])
    client.post(path, {"want": "ALL"})
    client.post(path, {"want": "WEEKLY"})
    assert set(Wishes.objects.get(person=ann).mail.values()) == {"NEVER"}


def test_what_waits_already_is_not_sent_any_more(server, item, ann, bo, deliver, send, client):
    deliver()
    wishes.mail_less(person=ann, groups=list(Group), pace=Pace.NEVER, now=clock.now())
    assert send() == 1
    assert not server.to("ann@example.org")


def test_what_was_gathered_already_is_not_sent_either(server, item, ann, deliver, send, frozen):
    deliver()
    frozen.shift(MINUTES)
    sending.gather(now=clock.now())
    wishes.mail_less(person=ann, groups=list(Group), pace=Pace.NEVER, now=clock.now())
    assert send() == 1
    assert not server.to("ann@example.org")
    assert Mail.objects.get(person=ann).state == "DROPPED"


def test_one_thing_is_muted_from_a_mail(server, item, dark_mode, ann, pia, send, client):
    send()
    text, _html = parts(server.to("ann@example.org")[0])
    path = re.search(r"Mute this: http://127.0.0.1:8000(/mute/\S+)", text)[1]
    assert client.get(path).status_code == 200
    assert not Subscription.objects.exists(), "Opening a link changes nothing."
    assert client.post(path).status_code == 200
    roadmap.move(item=item, stage=Stage.IN_PROGRESS, actor=pia, now=clock.now())
    assert send() == 1
    assert len(server.to("ann@example.org")) == 1
    assert client.get(f"{path[:-6]}/").status_code == 404


@pytest.mark.parametrize("token", ["nonsense", "a:b:c", "x" * 300])
def test_a_link_that_was_cut_off_says_so(client, db, token):
    answer = client.get(f"/unsubscribe/{token}/")
    assert answer.status_code == 404
    assert "This link does not work" in answer.content.decode()
    assert client.post(f"/unsubscribe/{token}/").status_code == 404

"""News by mail: who gets what, what it says, and what becomes of it when the server is down, refuses or lies."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from feedback.asks.answers import answer_ask
from feedback.asks.stages import Stage
from feedback.forum.comments.operations import comment
from feedback.kernel import clock
from feedback.notify.channels.email import closing, sending
from feedback.notify.channels.email.queue import due_at
from feedback.notify.groups import Group, Pace
from feedback.notify.models import ClosedAddress, Delivery, Mail, Notice, Wishes
from feedback.notify.wishes import operations as wishes
from feedback.roadmap import operations as roadmap
from tests.notify import smtp

MINUTES = dt.timedelta(minutes=3)


@pytest.fixture
def server(settings, db):
    """A mail server that the site is set up with."""
    with smtp.running() as running:
        settings.HAS_MAIL_SERVER = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 5
        yield running


@pytest.fixture
def send(frozen, deliver):
    """Let time pass and send what is due; return how many mails left."""

    def run(after=MINUTES):
        deliver()
        frozen.shift(after)
        return sending.send_due(now=clock.now()).sent

    return run


def parts(mail):
    """Return the plain text and the HTML of a mail."""
    return (
        mail.get_body(("plain",)).get_content(),
        mail.get_body(("html",)).get_content(),
    )


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


def test_what_happens_within_minutes_is_one_mail(server, item, dark_mode, bo, pia, send, deliver):
    deliver()
    roadmap.move(item=item, stage=Stage.IN_PROGRESS, actor=pia, now=clock.now())
    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=clock.now())
    assert send() == 2
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


def test_what_waits_already_is_not_sent_any_more(server, item, ann, bo, deliver, send, client):
    deliver()
    wishes.mail_less(person=ann, groups=list(Group), pace=Pace.NEVER, now=clock.now())
    assert send() == 1
    assert not server.to("ann@example.org")


@pytest.mark.parametrize("token", ["nonsense", "a:b:c", "x" * 300])
def test_a_link_that_was_cut_off_says_so(client, db, token):
    answer = client.get(f"/unsubscribe/{token}/")
    assert answer.status_code == 404
    assert "This link does not work" in answer.content.decode()
    assert client.post(f"/unsubscribe/{token}/").status_code == 404


# --- Servers ------------------------------------------------------------------------------------------------------
def test_a_server_that_is_down_for_a_day_delays_and_loses_nothing(
    server, item, settings, frozen, send, deliver
):
    up, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    send()
    for _ in range(24):
        frozen.shift(dt.timedelta(hours=1))
        assert sending.send_due(now=clock.now()).sent == 0
    settings.EMAIL_PORT = up
    frozen.shift(dt.timedelta(hours=1))
    assert sending.send_due(now=clock.now()).sent == 2
    assert {mail.state for mail in Mail.objects.all()} == {"SENT"}


def test_a_server_that_wants_a_pause_gets_one(server, item, frozen, send):
    server.greeting = "421 too much for now"
    send()
    asked = server.connections
    sending.send_due(now=clock.now())
    assert server.connections == asked, "It was asked again at once."
    server.greeting = "220 ready"
    frozen.shift(dt.timedelta(minutes=1))
    assert sending.send_due(now=clock.now()).sent == 2


def test_an_address_that_does_not_exist_is_closed_and_its_person_told(
    server, item, dark_mode, ann, pia, send, client_of
):
    server.refuses["ann@example.org"] = (550, "no such mailbox")
    assert send() == 1
    assert ClosedAddress.objects.get().address == "ann@example.org"
    page = client_of(ann).get("/settings/news/").content.decode()
    assert "no such mailbox" in page
    server.refuses.clear()
    answer_ask(ask=dark_mode, body="Soon.", actor=pia, now=clock.now())
    assert send() == 1, "Nothing goes to an address that is closed."
    client_of(ann).post("/settings/news/send-again/")
    answer_ask(ask=dark_mode, body="Sooner.", actor=pia, now=clock.now())
    assert send() == 2
    assert closing.closed_of(ann) is None


def test_an_address_that_asks_for_later_gets_it_later(server, item, frozen, send):
    server.refuses["ann@example.org"] = (450, "mailbox busy")
    assert send() == 1
    assert not ClosedAddress.objects.exists()
    server.refuses.clear()
    frozen.shift(dt.timedelta(minutes=10))
    assert sending.send_due(now=clock.now()).sent == 1


def test_a_mail_that_nobody_takes_is_given_up_after_days(server, item, frozen, send):
    server.refuses["ann@example.org"] = (450, "mailbox busy")
    send()
    for _ in range(8):
        frozen.shift(dt.timedelta(days=1))
        sending.send_due(now=clock.now())
    assert Mail.objects.get(address="ann@example.org").state == "REFUSED"


def test_a_mail_that_may_have_gone_twice_has_one_message_id(server, item, frozen, send):
    server.hangs_up = 1
    send()
    for _ in range(6):
        frozen.shift(dt.timedelta(minutes=5))
        sending.send_due(now=clock.now())
    assert {mail.state for mail in Mail.objects.all()} == {"SENT"}
    twice = max((server.to(a) for a in ("ann@example.org", "bo@example.org")), key=len)
    assert len(twice) == 2 and twice[0]["Message-ID"] == twice[1]["Message-ID"]
    assert (
        twice[0].get_body(("plain",)).get_content() == twice[1].get_body(("plain",)).get_content()
    )


def test_a_mail_that_is_refused_for_its_words_closes_no_address(server, item, send):
    server.on_data = (554, "spam")
    assert send() == 0
    assert {mail.state for mail in Mail.objects.all()} == {"REFUSED"}
    assert not ClosedAddress.objects.exists()


def test_a_limit_of_the_provider_is_kept(server, item, settings, frozen, send):
    settings.MAIL_PER_MINUTE = 1
    assert send() == 1
    assert sending.send_due(now=clock.now()).sent == 0
    frozen.shift(dt.timedelta(minutes=1))
    assert sending.send_due(now=clock.now()).sent == 1


def test_two_senders_send_each_mail_once(server, item, deliver, frozen):
    deliver()
    frozen.shift(MINUTES)
    now = clock.now()
    sending.gather(now=now)
    sending.gather(now=now)
    assert Mail.objects.count() == 2
    assert Delivery.objects.filter(mail=None).count() == 0
    cache.clear()
    assert sending.send_due(now=now).sent + sending.send_due(now=now).sent == 2
    assert len(server.mails) == 2

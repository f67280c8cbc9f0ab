"""What becomes of a mail when its server is down, slow, refuses or lies."""

import datetime as dt

import pytest

from feedback.asks.answers import answer_ask
from feedback.forum.votes.operations import vote
from feedback.kernel import clock
from feedback.notify.channels.email import closing, sending
from feedback.notify.models import ClosedAddress, Delivery, Mail
from feedback.roadmap import operations as roadmap
from tests.roadmap.test_at_once import at_once

MINUTES = dt.timedelta(minutes=3)


@pytest.fixture
def crowd_of(publish, person, make_ask, pia):
    """Have so many people want one thing, and the team plan it; return them with its author."""

    def crowd(number):
        people = [person(f"P {n}") for n in range(number)]
        post = publish(people[0], "Dark mode")
        for one in people[1:]:
            vote(post=post, person=one, now=clock.now())
        roadmap.adopt(ask=make_ask(post), actor=pia, now=clock.now(), title="A dark theme")
        return people

    return crowd


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


@pytest.mark.django_db(transaction=True)
def test_four_senders_send_each_mail_once(server, crowd_of, deliver, frozen):
    people = crowd_of(20)
    deliver()
    frozen.shift(MINUTES)
    sent = at_once(*[lambda: sending.send_due(now=clock.now()).sent] * 4)
    assert sum(sent) == len(server.mails) == len(people)
    assert len({mail["Message-ID"] for _whom, mail in server.mails}) == len(people)
    assert not Delivery.objects.filter(mail=None).exists()


def test_a_mail_that_cannot_be_written_stops_no_other(server, item, ann, send, frozen):
    type(ann).objects.filter(pk=ann.pk).update(email="ann@example.org, b@example.org")
    assert send() == 1
    assert len(server.to("bo@example.org")) == 1
    for _ in range(8):
        frozen.shift(dt.timedelta(days=1))
        sending.send_due(now=clock.now())
    assert Mail.objects.get(person=ann).state == "REFUSED"


def test_a_mail_on_which_a_server_hangs_up_lets_the_others_go_first(server, item, frozen, send):
    server.hangs_up_on = "ann@example.org"
    send()
    for _ in range(4):
        frozen.shift(dt.timedelta(minutes=1))
        sending.send_due(now=clock.now())
    assert len(server.to("bo@example.org")) == 1
    assert Mail.objects.get(address="ann@example.org").state == "WAITING"


@pytest.mark.parametrize(
    "answer", [(554, "5.7.1 Relay access denied"), (530, "sign in"), (550, "5.7.1 suspended")]
)
def test_a_server_that_does_not_take_us_closes_no_address(server, item, send, answer):
    server.refuses["ann@example.org"] = answer
    assert send() == 1
    assert not ClosedAddress.objects.exists()
    assert Mail.objects.get(address="ann@example.org").state == "WAITING"

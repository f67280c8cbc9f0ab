"""What is sent to a real receiver: signed, once, again when it fails, given up in the end, and never silently."""

import datetime as dt
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from feedback.forum.posts.operations import hide_post
from feedback.journal.models import Entry
from feedback.kernel import clock, outbound
from feedback.notify.channels.webhook import fan_out, sending
from feedback.notify.channels.webhook.operations import (
    Wish,
    edit_endpoint,
    renew_secret,
    send_again,
    send_dead_again,
    send_trial,
    switch_off,
    switch_on,
)
from feedback.notify.models import Endpoint, Notice, WebhookDelivery
from tests.receiver import Request, Then, breaks_off, closes, says


def only() -> WebhookDelivery:
    return WebhookDelivery.objects.get()


def test_a_post_is_told_signed_and_once(publish, ann, endpoint, receiver, send):
    post = publish(ann, "Dark mode", body="At *night*.")
    assert (send(), send()) == (1, 0)
    (request,) = receiver.got
    told = Webhook(endpoint.secret).verify(request.body, request.headers)
    assert told["type"] == "post.published"
    assert told["data"]["post"]["title"] == "Dark mode"
    assert told["data"]["post"]["excerpt"] == "At night."
    assert told["data"]["post"]["url"].endswith(f"/posts/{post.public_id}/")
    assert request.headers["webhook-id"] == only().public_id
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint.secret).verify(request.body + b" ", request.headers)


def test_telling_an_entry_again_sends_nothing_more(publish, ann, endpoint, receiver, send):
    publish(ann)
    send()
    for entry in Entry.objects.filter(verb="forum.post-published"):
        fan_out.tell(entry)
    assert send() == 0
    assert len(receiver.got) == 1


def test_each_endpoint_is_told_of_what_it_chose(
    publish, ann, pia, product, endpoint_at, receivers, receiver, send, make_ask, now
):
    other, wants_roadmap = receivers(), receivers()
    endpoint_at(receiver, groups=["POSTS"])
    endpoint_at(other, groups=["POSTS"], product=product)
    endpoint_at(wants_roadmap, groups=["ROADMAP"])
    publish(ann)
    assert send() == 2
    assert (len(receiver.got), len(other.got), len(wants_roadmap.got)) == (1, 1, 0)


@pytest.mark.parametrize(
    ("then", "why", "status"),
    [
        (says(500, b"sorry"), "STATUS", 500),
        (says(404), "STATUS", 404),
        (says(301, Location="http://10.0.0.1/"), "ELSEWHERE", 301),
        (closes, "BROKEN", None),
        (breaks_off, "BROKEN", None),
        ("drips", "SLOW", None),
        ("waits", "SLOW", None),
        ("closed", "NO_CONNECTION", None),
        ("private", "NOT_ALLOWED", None),
    ],
)
def test_what_fails_is_noted_and_sent_again_under_the_same_id(
    publish, ann, endpoint, receiver, send, frozen, settings, impatient, then, why, status
):
    publish(ann)
    match then:
        case "closed":
            receiver.close()
        case "private":
            settings.OUTBOUND_ALLOW = []
        case "drips" | "waits":
            receiver.answers(receiver.drips() if then == "drips" else receiver.waits)
        case _:
            receiver.answers(then)
    assert send() == 0
    failed = only()
    assert (failed.state, failed.why, failed.status, failed.attempts) == ("WAITING", why, status, 1)
    assert failed.due_at > clock.now()
    assert send() == 0  # it rests
    if then in ("closed", "private"):
        assert not receiver.got
        return
    receiver.answers(says(200))
    frozen.shift(15)
    assert send() == 1
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert (only().state, only().why) == ("DONE", "")


def test_a_worker_that_is_killed_after_sending_sends_again_under_the_same_id(
    publish, ann, endpoint, receiver, send, frozen, monkeypatch
):
    class Killed(BaseException):
        pass

    def killed(*_: Any) -> bool:
        raise Killed

    publish(ann)
    note = sending._note
    monkeypatch.setattr(sending, "_note", killed)
    with pytest.raises(Killed):
        send()
    monkeypatch.setattr(sending, "_note", note)
    assert send() == 0  # as far as anybody knows it is being sent
    frozen.shift(sending.LEASE + dt.timedelta(seconds=1))
    assert send() == 1
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert only().state == "DONE"


def test_another_worker_does_not_send_what_one_is_sending(
    publish, ann, endpoint, receiver, send, monkeypatch
):
    post = outbound.post

    def post_while_another_looks(url: str, **more: Any) -> outbound.Answer:
        assert sending.send_due() == 0
        return post(url, **more)

    publish(ann)
    monkeypatch.setattr(outbound, "post", post_while_another_looks)
    assert send() == 1
    assert len(receiver.got) == 1


def test_an_endpoint_that_is_down_is_asked_once_and_not_for_each_that_waits(
    publish, ann, endpoint, receiver, send, frozen
):
    for number in range(20):
        publish(ann, f"Post {number}")
    receiver.answers(says(503))
    send()
    assert len(receiver.got) == 1
    receiver.answers(says(200))
    frozen.shift(15)
    assert send() == 20
    order = [request.json()["data"]["post"]["title"] for request in receiver.got[1:]]
    assert order == [f"Post {number}" for number in range(20)]


def test_it_is_given_up_after_three_days_and_the_managers_are_told(
    publish, ann, pia, ada, endpoint, receiver, send, frozen, deliver
):
    publish(ann)
    receiver.answers(says(500))
    start, tries = clock.now(), 0
    send()
    while only().state == "WAITING":
        frozen.shift(600)
        send()
        tries += 1
        assert tries < 1000
    delivery = only()
    assert delivery.state == "DEAD"
    assert 8 <= len(receiver.got) <= len(sending.WAITS) + 1
    assert sending.PATIENCE * 0.9 < delivery.ended_at - start < dt.timedelta(days=4)
    endpoint.refresh_from_db()
    assert endpoint.off == "FAILING"
    deliver()
    assert set(Notice.objects.values_list("person", flat=True)) == {pia.pk, ada.pk}


def test_what_is_never_taken_is_given_up_alone_and_holds_up_nothing(
    publish, ann, endpoint, receiver, send, frozen
):
    def choose(request: Request) -> Then:
        return says(400 if b"Poison" in request.body else 200)

    receiver.answers_by(choose)
    publish(ann, "Poison")
    for day in range(4):
        publish(ann, f"Fine on day {day}")
        for _ in range(24):
            send()
            frozen.shift(20)
            send()
            frozen.shift(3600)
    states = WebhookDelivery.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["DEAD", "DONE", "DONE", "DONE", "DONE"]
    endpoint.refresh_from_db()
    assert endpoint.is_on


def test_an_endpoint_that_says_it_is_gone_is_switched_off_at_once(
    publish, ann, pia, endpoint, receiver, send, deliver, client_of
):
    publish(ann)
    publish(ann, "Another")
    receiver.answers(says(410))
    send()
    endpoint.refresh_from_db()
    assert endpoint.off == "GONE"
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"DEAD"}
    deliver()
    notice = Notice.objects.get(person=pia)
    assert notice.data["title"] == endpoint.name
    page = client_of(pia).get("/inbox/").content.decode()
    assert "gone for good" in page


def test_a_limit_is_kept_and_costs_no_try(publish, ann, endpoint, receiver, send, frozen):
    publish(ann)
    receiver.answers(says(429, Retry_After="90"))
    for _ in range(30):
        send()
        assert only().attempts == 0
        frozen.shift(91)
    assert len(receiver.got) == 30
    send()
    frozen.shift(80)
    assert send() == 0
    assert len(receiver.got) == 31
    receiver.answers(says(200))
    frozen.shift(11)
    assert send() == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("90", 90), ("0.5", 1), ("-5", 1), ("nonsense", 60), ("", 60), ("1e30", 60), ("7200", 3600), ("nan", 60), ("inf", 60),
        ("Fri, 06 Mar 2026 09:32:00 GMT", 120), ("Fri, 06 Mar 2020 09:32:00 GMT", 1),
    ],
)  # fmt: skip
def test_how_long_to_wait_in_every_spelling(publish, ann, endpoint, receiver, send, said, seconds):
    publish(ann)
    receiver.answers(says(429, Retry_After=said))
    send()
    endpoint.refresh_from_db()
    assert endpoint.free_at == clock.now() + dt.timedelta(seconds=seconds)


def test_what_is_hidden_meanwhile_is_not_sent(publish, ann, mo, endpoint, receiver, send, frozen):
    post = publish(ann, "My phone number is 555")
    receiver.answers(says(500))
    send()
    hide_post(post=post, moderator=mo, now=clock.now())
    receiver.answers(says(200))
    frozen.shift(15)
    send()
    assert only().state == "DROPPED"
    assert len(receiver.got) == 1


def test_a_secret_is_renewed_with_a_day_of_both(
    publish, ann, pia, endpoint, receiver, send, frozen
):
    old = endpoint.secret
    new = renew_secret(endpoint=endpoint, actor=pia, now=clock.now())
    assert new != old
    publish(ann)
    send()
    for secret in (old, new):
        Webhook(secret).verify(receiver.got[0].body, receiver.got[0].headers)
    frozen.shift(dt.timedelta(days=1, seconds=1))
    publish(ann, "Later")
    send()
    Webhook(new).verify(receiver.got[1].body, receiver.got[1].headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(receiver.got[1].body, receiver.got[1].headers)


def test_what_was_given_up_is_sent_again_by_hand(
    publish, ann, pia, endpoint, receiver, send, frozen
):
    for number in range(3):
        publish(ann, f"Post {number}")
    receiver.answers(says(410))
    send()
    assert WebhookDelivery.objects.filter(state="DEAD").count() == 3
    switch_on(endpoint=endpoint, actor=pia, now=clock.now())
    receiver.answers(says(200))
    first = WebhookDelivery.objects.order_by("pk")[0]
    send_again(delivery=first, actor=pia, now=clock.now())
    assert send() == 1
    assert receiver.got[-1].headers["webhook-id"] == first.public_id
    frozen.shift(dt.timedelta(hours=23))
    assert send_dead_again(endpoint=endpoint, actor=pia, now=clock.now()) == 2
    assert send() == 2
    frozen.shift(dt.timedelta(days=2))
    assert send_dead_again(endpoint=endpoint, actor=pia, now=clock.now()) == 0


def test_with_another_address_what_waits_is_tried_at_once(
    publish, ann, pia, endpoint, receiver, receivers, send, frozen
):
    publish(ann)
    receiver.answers(says(404))
    send()
    frozen.shift(15)
    send()
    moved = receivers()
    wish = Wish(name="Ours", address=moved.url, groups=["POSTS"], language="en")
    edit_endpoint(endpoint=endpoint, wish=wish, actor=pia, now=clock.now())
    assert send() == 1
    assert len(moved.got) == 1
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None


def test_while_it_is_off_nothing_is_sent_and_nothing_new_waits(
    publish, ann, pia, endpoint, receiver, send
):
    publish(ann, "Before")
    send_trial(endpoint=endpoint, actor=pia, now=clock.now())
    switch_off(endpoint=endpoint, actor=pia, now=clock.now())
    assert send() == 0
    publish(ann, "While off")
    send()
    switch_on(endpoint=endpoint, actor=pia, now=clock.now())
    assert send() == 1  # the trial; what happened while it was off is not told later
    assert [request.json()["type"] for request in receiver.got] == ["trial"]


def test_a_trial_says_that_it_is_one(pia, endpoint, receiver, send):
    send_trial(endpoint=endpoint, actor=pia, now=clock.now())
    assert send() == 1
    assert (
        Webhook(endpoint.secret).verify(receiver.got[0].body, receiver.got[0].headers)["type"]
        == "trial"
    )


def test_a_trial_does_not_wait_behind_what_waits(
    publish, ann, pia, endpoint, receiver, send, deliver
):
    for number in range(3):
        publish(ann, f"Post {number}")
    deliver()
    send_trial(endpoint=endpoint, actor=pia, now=clock.now())
    assert send() == 4
    assert receiver.got[0].json()["type"] == "trial"


def test_what_cannot_be_written_holds_up_nothing(publish, ann, endpoint, receiver, send):
    publish(ann)
    Endpoint.objects.update(secret="whsec_")  # nothing to sign with
    assert send() == 0
    assert (only().why, only().state) == ("OURS", "WAITING")
    assert not receiver.got


def test_what_breaks_the_sender_is_given_up_like_everything(
    publish, ann, endpoint, receiver, send, frozen, monkeypatch
):
    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError

    publish(ann)
    monkeypatch.setattr(outbound, "post", breaks)
    send()
    assert (only().why, only().state, only().attempts) == ("OURS", "WAITING", 1)
    WebhookDelivery.objects.update(
        attempts=len(sending.WAITS) + 1
    )  # killed in the middle each time
    frozen.shift(dt.timedelta(days=1))
    send()
    assert (only().why, only().state) == ("OURS", "DEAD")


def test_what_was_sent_long_ago_is_forgotten(publish, ann, endpoint, receiver, send, frozen):
    publish(ann)
    send()
    assert sending.tidy(now=clock.now()) == 0
    frozen.shift(sending.KEEP + dt.timedelta(seconds=1))
    assert sending.tidy(now=clock.now()) == 1


def test_three_days_of_tries_are_about_three_days():
    assert dt.timedelta(days=2.9) < sum(sending.WAITS, dt.timedelta()) < dt.timedelta(days=3.3)
    assert sending.LEASE.total_seconds() > sending.TURN + outbound.exchange.SECONDS

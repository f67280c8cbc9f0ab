"""Whatever happens between: one delivery for each endpoint and entry, and one id at every try."""

import contextlib
import datetime as dt
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.forum.posts.operations import hide_post, show_post
from feedback.journal import operations as journal
from feedback.kernel import clock, outbound
from feedback.kernel.refusals import Refusal
from feedback.notify.channels.webhook import sending
from feedback.notify.channels.webhook.operations import (
    send_again,
    send_trial,
    switch_off,
    switch_on,
)
from feedback.notify.models import Endpoint, WebhookDelivery
from tests.both import often
from tests.receiver import says


class Killed(BaseException):
    """kill -9, as far as one process can show it: nothing catches it, nothing is tidied up."""


class OtherSide:
    """Stands for `outbound.post`: takes what is sent, answers as it is told, and may have its caller killed."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.taken: list[str] = []
        self.does: Any = 200

    def post(self, url: str, *, body: bytes, headers: dict[str, str]) -> outbound.Answer:
        self.got.append(headers["webhook-id"])
        match self.does:
            case "dies before":
                raise outbound.Unanswered(outbound.Why.NO_CONNECTION)
            case "dies after":
                self.taken.append(headers["webhook-id"])
                raise outbound.Unanswered(outbound.Why.SLOW)
            case "kills":
                self.taken.append(headers["webhook-id"])
                raise Killed
            case 200:
                self.taken.append(headers["webhook-id"])
        return outbound.Answer(self.does, {}, b"")


deeds = st.one_of(
    st.just(("publish", None)),
    st.tuples(st.sampled_from(["hide", "show", "again"]), st.integers(0, 5)),
    st.tuples(
        st.just("send"),
        st.sampled_from([200, 200, 500, 429, 410, "dies before", "dies after", "kills"]),
    ),
    st.tuples(st.just("wait"), st.sampled_from([1, 20, 90, 4000, 100_000])),
    st.tuples(st.just("switch"), st.booleans()),
)


@settings(max_examples=often(80), suppress_health_check=list(HealthCheck))
@given(story=st.lists(deeds, max_size=25))
def test_any_story_ends_with_each_told_once_under_one_id(
    story, endpoint, publish, ann, mo, pia, frozen, monkeypatch
):
    other, start = OtherSide(), clock.now()
    monkeypatch.setattr(outbound, "post", other.post)
    with transaction.atomic():
        posts: list[Any] = []
        for deed, how in story:
            match deed:
                case "publish":
                    posts.append(publish(ann, f"Post {len(posts)}"))
                case "hide" | "show" if posts:
                    act = hide_post if deed == "hide" else show_post
                    act(post=posts[how % len(posts)], moderator=mo, now=clock.now())
                case "again":
                    _send_again(how, pia)
                case "send":
                    other.does = how
                    journal.deliver_due(now=clock.now())
                    with contextlib.suppress(Killed):
                        sending.send_due()
                case "wait":
                    frozen.shift(how)
                case "switch":
                    act = switch_on if how else switch_off
                    act(endpoint=endpoint, actor=pia, now=clock.now())
        switch_on(endpoint=endpoint, actor=pia, now=clock.now())
        other.does = 200
        for _ in range(5):
            journal.deliver_due(now=clock.now())
            sending.send_due()
            frozen.shift(dt.timedelta(days=1, hours=3))
        rows = WebhookDelivery.objects.all()
        assert not rows.filter(state="WAITING").exists()
        assert rows.count() == rows.values("entry").distinct().count() <= len(posts)
        known = dict(rows.values_list("public_id", "state"))
        assert set(other.got) <= set(known)
        # What is said to have arrived did; what is said to have been left out was not sent since.
        assert {key for key, state in known.items() if state == "DONE"} <= set(other.taken)
        assert Endpoint.objects.get().is_on
        transaction.set_rollback(True)
    frozen.move_to(start)


def _send_again(number: int, pia: Any) -> None:
    rows = list(WebhookDelivery.objects.order_by("pk").select_related("endpoint"))
    if rows:
        with contextlib.suppress(Refusal), transaction.atomic():
            send_again(delivery=rows[number % len(rows)], actor=pia, now=clock.now())


def test_who_tries_at_once_while_it_is_being_asked_has_it_asked_once(
    endpoint, publish, ann, pia, receiver, send, frozen, monkeypatch
):
    publish(ann)
    receiver.answers(says(500))
    send()
    frozen.shift(15)
    receiver.answers(says(204))
    post = outbound.post

    def post_while_a_manager_tries(url: str, **more: Any) -> outbound.Answer:
        monkeypatch.setattr(outbound, "post", post)
        send_trial(endpoint=endpoint, actor=pia, now=clock.now())
        assert sending.send_due() == 0
        return post(url, **more)

    monkeypatch.setattr(outbound, "post", post_while_a_manager_tries)
    assert send() == 2
    assert len(receiver.got) == 3

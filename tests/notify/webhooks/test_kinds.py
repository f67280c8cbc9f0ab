"""What each chat room is sent, and what its answers mean: as its public documentation says."""

import base64
import hashlib
import hmac
import json
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from feedback.kernel import clock
from feedback.notify.channels.webhook import kinds
from feedback.notify.happenings import Happening
from feedback.notify.models import Endpoint, WebhookDelivery
from tests.receiver import says

ROOMS = ["SLACK", "DISCORD", "FEISHU", "DINGTALK", "WECOM"]
#: What each answers when it took a message, and when it did not, with a status of success.
TAKEN = {
    "SLACK": says(200, b"ok"),
    "DISCORD": says(204),
    "FEISHU": says(200, {"code": 0, "msg": "success", "data": {}}),
    "DINGTALK": says(200, {"errcode": 0, "errmsg": "ok"}),
    "WECOM": says(200, {"errcode": 0, "errmsg": "ok"}),
}
REFUSED = {
    "SLACK": says(200, b"<html>Sign in</html>"),
    "DISCORD": says(200, b"<html></html>"),
    "FEISHU": says(
        200, {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}
    ),
    "DINGTALK": says(200, {"errcode": 310000, "errmsg": "keywords not in content"}),
    "WECOM": says(200, {"errcode": 93000, "errmsg": "invalid webhook url"}),
}
TOO_MANY = {
    "SLACK": says(429, b"rate_limited", Retry_After="30"),
    "DISCORD": says(
        429, {"message": "You are being rate limited.", "retry_after": 30}, Retry_After="30"
    ),
    "FEISHU": says(200, {"code": 11232, "msg": "frequency limited psm"}),
    "DINGTALK": says(200, {"errcode": 130101, "errmsg": "send too fast"}),
    "WECOM": says(200, {"errcode": 45009, "errmsg": "api freq out of limit"}),
}
NASTY = '@everyone <!channel> <at user_id="all">x</at> [a](http://evil.example) *b* | `c` &amp; \\ @所有人'


def words_in(content: Any) -> list[str]:
    """Return every string in what was sent."""
    match content:
        case dict():
            return [word for value in content.values() for word in words_in(value)]
        case list():
            return [word for value in content for word in words_in(value)]
        case str():
            return [content]
    return []


@pytest.mark.parametrize("kind", ROOMS)
def test_a_room_is_told_with_a_title_a_line_and_a_link(
    kind, publish, ann, endpoint_at, receiver, send, board
):
    receiver.answers(TAKEN[kind])
    endpoint_at(receiver, kind=kind, language="zh-hans")
    post = publish(ann, "深色模式 & more", body="Please, at night.")
    assert send() == 1
    said = "\n".join(words_in(receiver.got[0].json()))
    with translation.override("zh-hans"):
        assert board.title in said
    assert "深色模式" in said and "Please, at night." in said
    assert f"/posts/{post.public_id}/" in said
    assert "New post" not in said


@pytest.mark.parametrize("kind", ROOMS)
def test_a_refusal_that_comes_with_success_is_one(kind, publish, ann, endpoint_at, receiver, send):
    receiver.answers(REFUSED[kind])
    endpoint_at(receiver, kind=kind)
    publish(ann)
    assert send() == 0
    failed = WebhookDelivery.objects.get()
    assert (failed.why, failed.status, failed.attempts) == ("REFUSED", 200, 1)
    assert failed.answer


@pytest.mark.parametrize("kind", ROOMS)
def test_an_answer_that_is_a_well_of_brackets_is_a_refusal(
    kind, publish, ann, endpoint_at, receiver, send
):
    receiver.answers(says(200, b"[" * 20_000))
    endpoint_at(receiver, kind=kind)
    publish(ann)
    assert send() == 0
    assert WebhookDelivery.objects.get().why == "REFUSED"


@pytest.mark.parametrize("kind", ROOMS)
def test_a_limit_costs_no_try_and_is_waited_out(kind, publish, ann, endpoint_at, receiver, send):
    receiver.answers(TOO_MANY[kind])
    endpoint = endpoint_at(receiver, kind=kind)
    publish(ann)
    assert send() == 0
    limited = WebhookDelivery.objects.get()
    endpoint.refresh_from_db()
    assert (limited.why, limited.attempts) == ("LIMITED", 0)
    assert (endpoint.free_at - clock.now()).total_seconds() >= 30


@pytest.mark.parametrize(
    ("kind", "a_minute"),
    [("SLACK", 60), ("DISCORD", 30), ("FEISHU", 60), ("DINGTALK", 20), ("WECOM", 20)],
)
def test_a_room_is_sent_no_more_than_it_allows(
    kind, a_minute, publish, ann, endpoint_at, receiver, send, frozen
):
    receiver.answers(TAKEN[kind])
    endpoint_at(receiver, kind=kind)
    for number in range(70):
        publish(ann, f"Post {number}")
    arrived = 0
    for _ in range(120):
        arrived += send()
        frozen.shift(0.5)
    assert arrived == len(receiver.got) == a_minute


def written(kind: str, **told: str) -> Any:
    """Return what a room is sent of a happening with these words."""
    words = {"title": "A title", "line": "A line", "path": "/asks/x/", "excerpt": "Words"} | told
    happening = Happening(product=None, data=dict, **words)
    endpoint = Endpoint(kind=kind, address="https://x.example/", language="en")
    request = kinds.of(kind).write(
        endpoint, kinds.Letter("id", "ask.answered", clock.now(), happening), clock.now()
    )
    return json.loads(request.body)


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_people_write_can_be_sent(title: str, excerpt: str) -> None:
    for kind in ROOMS:
        assert written(kind, title=title or "x", excerpt=excerpt)


def test_slack_reads_nothing_of_what_people_write_as_its_own() -> None:
    text = written("SLACK", title=NASTY, excerpt=NASTY, line=NASTY)["text"]
    links = text.split("\n")[1]
    assert text.count("<") == text.count(">") == text.count("|") == 1
    assert links.startswith("<") and links.endswith(">")
    assert "@everyone" not in text and "&amp;amp;" in text


def test_discord_calls_nobody_and_shows_marks_as_they_are() -> None:
    content = written("DISCORD", title=NASTY, excerpt=NASTY)
    assert content["allowed_mentions"] == {"parse": []}
    (embed,) = content["embeds"]
    assert "@everyone" not in embed["title"] + embed["description"]
    assert "\\[a\\]\\(http\\://evil.example\\)" in embed["description"]
    assert len(written("DISCORD", title="*" * 400)["embeds"][0]["title"]) <= 256


def test_the_others_take_words_as_they_are() -> None:
    post = written("FEISHU", title=NASTY, excerpt=NASTY)["content"]["post"]["en_us"]
    assert [piece["tag"] for line in post["content"] for piece in line] == ["a", "text"]
    assert written("DINGTALK", title=NASTY)["msgtype"] == "link"
    assert written("WECOM", title=NASTY)["msgtype"] == "news"


def test_wecom_is_sent_no_more_bytes_than_it_takes() -> None:
    (article,) = written("WECOM", title="深" * 200, excerpt="色" * 400)["news"]["articles"]
    assert len(article["title"].encode()) <= 128
    assert len(article["description"].encode()) <= 512
    assert article["title"].endswith("深…")


def test_feishu_signs_with_the_text_as_the_key(publish, ann, endpoint_at, receiver, send):
    receiver.answers(TAKEN["FEISHU"])
    endpoint_at(receiver, kind="FEISHU", secret="sssh")
    publish(ann)
    assert send() == 1
    body = receiver.got[0].json()
    key = f"{body['timestamp']}\nsssh".encode()
    expected = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert (body["timestamp"], body["sign"]) == (str(int(clock.now().timestamp())), expected)


def test_dingtalk_signs_in_the_address(publish, ann, endpoint_at, receiver, send):
    receiver.answers(TAKEN["DINGTALK"])
    hook = SimpleNamespace(url=f"{receiver.url}?access_token=abc")
    endpoint_at(hook, kind="DINGTALK", secret="SECx")
    publish(ann)
    assert send() == 1
    query = parse_qs(urlsplit(receiver.got[0].path).query)
    at = query["timestamp"][0]
    digest = hmac.new(b"SECx", f"{at}\nSECx".encode(), hashlib.sha256).digest()
    assert query["access_token"] == ["abc"]
    assert query["sign"] == [base64.b64encode(digest).decode()]
    assert len(at) == 13


def test_a_room_without_a_secret_is_sent_no_signature(publish, ann, endpoint_at, receiver, send):
    receiver.answers(TAKEN["FEISHU"])
    endpoint_at(receiver, kind="FEISHU")
    publish(ann)
    send()
    assert "sign" not in receiver.got[0].json()

"""One id for a request through web, journal, worker and encoder."""

import json
import logging
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client

from config import logs
from feedback.encoder.app import EncoderApp
from feedback.encoder.client import EncoderClient
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import clock, doorbell, request_id
from feedback.ops.web.identified import Identified
from tests.ops.test_bridge import Asked, apart, bridge, form
from tests.ops.test_supervisor import until

A_WHILE = 120


@pytest.fixture
def lines() -> Any:
    """What is logged from now on, each line as an object."""
    said: list[dict[str, Any]] = []
    console = logs.Console()
    more = {name: value for name, value in logs.JSON.items() if name != "()"}
    console.setFormatter(logs.JSON["()"](**more))
    console.emit = lambda record: said.append(json.loads(console.format(record)))  # type: ignore[method-assign]
    loggers = [logging.getLogger(name) for name in logs.FOR_PROGRAMS]
    before = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.INFO)
        one.addHandler(console)
    yield said
    for one, level in zip(loggers, before, strict=True):
        one.setLevel(level)
        one.removeHandler(console)


def test_an_answer_says_its_id_and_so_does_its_line(lines: list[dict[str, Any]]) -> None:
    web, _django = bridge()
    asked = apart(lambda: Asked(path="/secret-page/", x_request_id="from-a-stranger").to(web))
    known = asked.headers[b"x-request-id"].decode()
    assert re.fullmatch(r"[0-9a-f]{16}", known)
    (line,) = lines
    assert line["request_id"] == known
    assert (line["method"], line["route"], line["status"]) == ("GET", "bridge", 200)
    assert "secret-page" not in json.dumps(line)


def test_a_proxy_of_ours_is_believed(settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    web, _django = bridge()
    for said, is_taken in (("from-the-proxy", True), ("x" * 65, False), ("a b\nc d e f", False)):
        asked = apart(partial(Asked(x_request_id=said).to, web))
        assert (asked.headers[b"x-request-id"].decode() == said) is is_taken


def test_what_django_logs_has_the_id_of_the_bridge(lines: list[dict[str, Any]]) -> None:
    heard: list[str] = []

    def said(environ: dict[str, Any]) -> list[bytes]:
        heard.append(request_id.present())
        environ["heed.route"] = "forum:post-detail"
        return [b"well"]

    web, _django = bridge(said)
    asked = apart(lambda: Asked().to(web))
    assert heard == [asked.headers[b"x-request-id"].decode()]
    assert lines[0]["route"] == "forum:post-detail"
    assert request_id.present() == ""


def test_what_never_reaches_django_is_noted_too(lines: list[dict[str, Any]]) -> None:
    web, django = bridge()
    apart(lambda: form(b"a", length=900).to(web))
    apart(lambda: form(b"GONE", length=900).to(web))
    apart(lambda: Asked(path="/livez").to(web))
    assert [line["status"] for line in lines] == [408, 499, 200]
    assert not django.asked


@pytest.mark.django_db
def test_a_page_says_its_id_and_its_name(client: Client) -> None:
    answers = [client.get(path) for path in ("/", "/nowhere/", "/readyz")]
    ids = [answer["X-Request-ID"] for answer in answers]
    assert len(set(ids)) == 3
    assert [answer.wsgi_request.META["heed.route"] for answer in answers] == ["site:home", "", "ops:readyz"]  # fmt: skip


def test_the_id_is_over_with_the_request(rf: Any) -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request_id.present())

    answer = Identified(page)(rf.get("/"))
    assert answer.content.decode() == answer["X-Request-ID"]  # type: ignore[attr-defined]
    assert request_id.present() == ""


@pytest.mark.django_db(transaction=True)
def test_a_request_leads_to_its_entries_and_jobs(
    lines: list[dict[str, Any]], ann: Any, run_jobs: Callable[[], int]
) -> None:
    with request_id.known_as("from-the-page"), transaction.atomic():
        entry = journal.write(
            verb=Verb.POST_PUBLISHED, subject=ann, actor_id=ann.pk, now=clock.now()
        )
        doorbell.ring("journal.deliver_entries")
    written = [line for line in lines if line["event"] == "written"]
    rung = [line for line in lines if line["event"] == "rung"]
    assert [(line["entry"], line["verb"]) for line in written] == [
        (entry.pk, "forum.post-published")
    ]
    assert {line["request_id"] for line in (*written, *rung)} == {"from-the-page"}
    assert rung[-1]["job"].startswith("job-")


def test_the_encoder_hears_who_asks(encoder: str, lines: list[dict[str, Any]]) -> None:
    with request_id.known_as("from-the-page"):
        EncoderClient(encoder, "hashing").embed(["dark mode"])
    EncoderClient(encoder, "hashing").embed(["dark mode"])

    def named() -> list[str]:
        return [line["request_id"] for line in lines if line.get("route") == "/v1/embeddings"]

    until(lambda: len(named()) == 2)  # the line is written behind the answer
    first, second = named()
    assert first == "from-the-page"
    assert re.fullmatch(r"[0-9a-f]{16}", second)


def test_the_encoder_takes_no_id_that_is_none(lines: list[dict[str, Any]]) -> None:
    async def sent(_message: dict[str, Any]) -> None: ...

    asked = Asked(path="/no/such/thing", x_request_id='"}\n{"level": "forged')
    apart(lambda: EncoderApp("hashing")(asked.scope, asked.receive, sent))
    assert lines[0]["route"] == "-"
    assert re.fullmatch(r"[0-9a-f]{16}", lines[0]["request_id"])

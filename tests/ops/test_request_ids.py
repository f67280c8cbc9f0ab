"""One id for a request through web, journal, worker and encoder, and no secret in any line."""

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client

from config import hiding, logs
from feedback.encoder.app import EncoderApp
from feedback.encoder.client import EncoderClient
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import clock, doorbell, request_id
from feedback.ops.web.identified import Identified
from tests.ops.test_bridge import Asked, apart, bridge, form
from tests.ops.test_supervisor import until
from tests.processes import ROOT, environment, on_sqlite

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


# --- No secret in any line -------------------------------------------------------------------------------
SECRETS = {
    "HEED_SECRET_KEY": "the-key-of-sessions-0123456789-abcdefghij",
    "HEED_ENCODER_TOKEN": "the-token-of-the-encoder",
    "HEED_METRICS_TOKEN": "the-token-of-prometheus-0123",
    "HEED_SIGN_IN_GITHUB_ID": "client",
    "HEED_SIGN_IN_GITHUB_SECRET": "the-secret-of-github",
    "HEED_TRANSLATE_URL": "http://127.0.0.1:9/v1",
    "HEED_TRANSLATE_MODEL": "model",
    "HEED_TRANSLATE_KEY": "the-key-of-the-translator",
    "EMAIL_URL": "smtp+tls://heed:the%2Fpassword%2Fof%2Fmail@127.0.0.1:9",
    "HEED_MAIL_IN": "imaps://replies%40example.org:the-password-of-the-box@127.0.0.1:9",
    "HEED_FILES": "s3+http://the-id:the-password-of-files@127.0.0.1:9/bucket",
}
SAID = {
    *(value for name, value in SECRETS.items() if "://" not in value and len(value) > 8),
    "the%2Fpassword%2Fof%2Fmail", "the/password/of/mail", "the-password-of-the-box", "the-password-of-files",
}  # fmt: skip
#: What goes wrong in service goes wrong here, and then everything that is secret is said on purpose.
TROUBLE = """
import django, logging; django.setup()
from django.conf import settings
from django.core import mail
from django.test import Client
from feedback.ops import health
from feedback.ops.doctor.examine import examine
client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
shown = {"authorization": "Bearer " + settings.METRICS_TOKEN}
for path in ("/", "/nowhere/", "/accounts/login/", "/metrics", "/readyz"):
    for headers in ({}, shown | {"host": "evil.example"}):
        try:  # there are no style sheets, so pages fail too
            client.get(path, headers=headers)
        except ValueError:
            logging.getLogger("heed").exception("no page for %s", headers)
health.encoder_state()
examine()
try:
    mail.send_mail("a", "b", None, ["ann@example.org"])
except OSError:
    logging.getLogger("heed").exception("no mail for %s", settings.EMAIL_HOST_PASSWORD)
for name in dir(settings):
    if name.isupper():
        logging.getLogger("heed").warning("%s is %s", name, getattr(settings, name))
import os
logging.getLogger("heed").warning("%s", dict(os.environ))
"""


@on_sqlite
@pytest.mark.parametrize("shape", ["text", "json"])
def test_no_secret_of_the_settings_stands_in_a_line(site: Path, shape: str) -> None:
    told = environment(
        site, DJANGO_SETTINGS_MODULE="config.settings", HEED_LOG_LEVEL="DEBUG", HEED_LOG_FORMAT=shape, **SECRETS
    )  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-c", TROUBLE], env=told, cwd=ROOT, capture_output=True, text=True, timeout=A_WHILE, check=False
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert ran.stderr.count(hiding.HIDDEN) > len(SAID)
    assert not [secret for secret in SAID if secret in ran.stderr + ran.stdout]
    if shape == "json":
        assert not [line for line in ran.stderr.splitlines() if not line.startswith('{"')]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a-token-of-ours", {"a-token-of-ours"}),
        ("postgres://heed:p%40ssword-1@db/heed", {"p%40ssword-1", "p@ssword-1"}),
        ("anymail+postmark://?server_token=abcdefghi&webhook_secret=name:password", {"abcdefghi", "name:password"}),
        ("Acme=https://id:first-secret@x;Other=https://id:other-secret@y", {"first-secret", "other-secret"}),
        ("sqlite:////var/lib/heed.sqlite3", set()),
        ("short", set()),
        ('with "quotes"', {'with "quotes"', r"with \"quotes\""}),
    ],
)  # fmt: skip
def test_what_is_secret_in_a_setting(value: str, found: set[str]) -> None:
    assert hiding.secrets_in(value) == found


def test_every_secret_that_may_be_a_file_is_hidden() -> None:
    documented = (ROOT / "docs" / "ops" / "settings.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([A-Z_]+)` \|.*\(or `_FILE`\)", documented, flags=re.MULTILINE))
    from config import settings  # as a module: the test settings stand above it

    assert named <= set(settings._SECRETS)
    assert os.environ["HEED_SECRET_KEY"] in hiding._secrets


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/feeds/own/{}/boards/nowhere/", "/feeds/own/<slug:key>/boards/<slug:slug>/"),
        ("/feeds/own/{}/slip", "/feeds/…"),
    ],
)
def test_no_line_has_the_key_of_an_address(
    client: Client, caplog: pytest.LogCaptureFixture, path: str, named: str
) -> None:
    key = "k3y" * 9
    assert client.get(path.format(key)).status_code == 404
    said = [record.getMessage() for record in caplog.records if record.name == "django.request"]
    assert said == [f"Not Found: {named}"]


@pytest.mark.django_db
def test_no_line_about_a_forged_form_has_the_key_of_its_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    key = "k3y" * 9
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/join/{key}/").status_code == 403
    said = [one.getMessage() for one in caplog.records if one.name == "django.security.csrf"]
    assert said and key not in said[0]

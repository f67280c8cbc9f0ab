"""The database away, locked or full: one sentence, 503, and the form that was sent."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.utils import DatabaseError, InterfaceError, OperationalError, ProgrammingError
from django.test import Client

from config.logs import OnceAWhile
from feedback.kernel.passing import is_passing
from feedback.ops.doctor import installation
from feedback.ops.doctor.finding import Level
from feedback.ops.web import patience
from feedback.ops.web.bridge import TOO_LARGE

LOCKED = OperationalError("database is locked")


@pytest.fixture
def broken(client: Client, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], Client]:
    """Have every page fail with the error given, before a session is read."""

    def be(error: Exception) -> Client:
        def fail(self: Any, request: Any) -> None:
            raise error

        monkeypatch.setattr(
            "django.contrib.sessions.middleware.SessionMiddleware.process_request", fail
        )
        client.raise_request_exception = False
        return client

    return be


def from_postgres(state: str, kind: type[Exception] = OperationalError) -> Exception:
    cause = type("Said", (Exception,), {"sqlstate": state, "__module__": "psycopg.errors"})()
    error = kind("said")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (LOCKED, True),
        (OperationalError("database or disk is full"), True),
        (OperationalError("no such table: forum_post"), False),
        (OperationalError("too many SQL variables"), False),
        (from_postgres("53100"), True),
        (from_postgres("57P01"), True),
        (from_postgres("25006", DatabaseError), True),
        (from_postgres("57014"), True),
        (from_postgres(""), True),
        (from_postgres("", InterfaceError), True),
        (from_postgres("42P01", ProgrammingError), False),
        (ValueError("broken"), False),
        (None, False),
    ],
)
def test_what_passes_by_itself(error: Exception | None, passes: bool) -> None:
    assert is_passing(error) is passes


def test_a_reader_is_told_when_to_come_back(broken: Callable[[Exception], Client]) -> None:
    answer = broken(LOCKED).get("/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Try again in a few seconds" in answer.content.decode()
    assert "<form" not in answer.content.decode()


def test_a_form_is_kept_in_the_page(broken: Callable[[Exception], Client]) -> None:
    sent = {"title": 'A <b>"wish"</b>', "body": "\nTwo\nlines", "board": ["a", "b"]}
    answer = broken(LOCKED).post("/posts/new/?kind=BUG", sent)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert 'action="/posts/new/?kind=BUG"' in page
    assert "A &lt;b&gt;&quot;wish&quot;&lt;/b&gt;</textarea>" in page
    assert page.count('name="board"') == 2
    assert "Send again" in page
    assert "files are not kept" not in page


def test_a_file_is_said_to_be_lost(broken: Callable[[Exception], Client]) -> None:
    sent = {"title": "With a file", "file": SimpleUploadedFile("a.txt", b"words")}
    page = broken(LOCKED).post("/posts/new/", sent).content.decode()
    assert "The files are not kept" in page
    assert "With a file" in page


def test_a_password_is_in_no_page(broken: Callable[[Exception], Client]) -> None:
    page = broken(LOCKED).post("/accounts/login/", {"login": "a", "password": "hunter2"})
    assert page.status_code == 503
    assert "hunter2" not in page.content.decode()
    assert "<form" not in page.content.decode()


def test_htmx_and_programs_get_the_sentence_alone(broken: Callable[[Exception], Client]) -> None:
    part = broken(LOCKED).post("/posts/new/", {"title": "x"}, headers={"HX-Request": "true"})
    assert (part.status_code, part["Content-Type"]) == (503, "text/plain; charset=utf-8")
    program = broken(LOCKED).get("/", headers={"Accept": "application/json"})
    assert program.json()["error"].startswith("This page cannot be shown")


def test_a_mistake_of_ours_stays_a_500(broken: Callable[[Exception], Client]) -> None:
    assert broken(OperationalError("no such table: forum_post")).get("/").status_code == 500
    assert broken(ValueError("broken")).get("/").status_code == 500


def test_the_log_says_it_once_and_without_a_traceback(
    broken: Callable[[Exception], Client],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    filters = logging.getLogger("django.request").filters
    quiet = next(one for one in filters if isinstance(one, OnceAWhile))
    monkeypatch.setattr(quiet, "_said_at", float("-inf"))
    for _ in range(3):
        broken(LOCKED).get("/")
    said = [record for record in caplog.records if record.name == "django.request"]
    assert [(record.getMessage()[-18:], record.exc_info) for record in said] == [
        ("database is locked", None)
    ]


def test_what_is_too_large_is_said_at_the_door(client: Client) -> None:
    answer = client.post("/posts/new/", **{TOO_LARGE: True})
    assert answer.status_code == 413
    assert "nothing was saved" in answer.content.decode()
    part = client.post("/posts/new/", headers={"HX-Request": "true"}, **{TOO_LARGE: True})
    assert part["Content-Type"].startswith("text/plain")


def test_doctor_fails_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        installation.shutil, "disk_usage", lambda folder: type("U", (), {"free": 50_000_000})
    )
    assert installation.disk().level is Level.FAIL


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    settings.TEST_DATABASE != "postgres", reason="SQLite knows no time for a statement"
)
def test_a_statement_that_takes_too_long_is_ended_and_the_next_page_is_well(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(self: Any, request: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")

    monkeypatch.setattr(patience, "_STATEMENT", 100)
    patience._bound(connection=connection)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(
                "django.contrib.sessions.middleware.SessionMiddleware.process_request", slow
            )
            client.raise_request_exception = False
            answer = client.get("/")
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert client.get("/").status_code == 200
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")

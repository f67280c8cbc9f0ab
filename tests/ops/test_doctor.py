"""Doctor and the health addresses."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from feedback.forum.models import Board, Post
from feedback.forum.tasks import index_posts
from feedback.importing.models import Import
from feedback.importing.tasks import work_on_imports
from feedback.journal.models import Dispatch
from feedback.journal.verbs import Verb
from feedback.ops import health, migrations_pending
from feedback.ops.archive import noted
from feedback.ops.doctor import installation
from feedback.ops.doctor.examine import examine
from feedback.ops.doctor.finding import Level
from feedback.ops.first_start import keep_login

pytestmark = pytest.mark.django_db


def findings() -> dict[str, tuple[str, str]]:
    return {found.about: (found.level.value, found.words) for found in examine()}


def test_a_fresh_site_has_nothing_that_fails_but_what_does_not_run() -> None:
    found = findings()
    assert found["database"][0] in ("PASS", "WARN")
    for about in ("migrations", "integrity", "jobs", "deliveries", "counters", "search"):
        assert found[about][0] == "PASS", found[about]
    assert found["pragmas" if "pragmas" in found else "pgvector"][0] == "PASS"
    assert found["encoder"][0] == "FAIL"  # nobody listens there in a test
    assert found["mail"][0] == "WARN"


def test_every_line_has_a_level_and_a_failure_ends_with_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    assert ended.value.code == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 15
    assert all(line.startswith(("PASS  ", "WARN  ", "FAIL  ")) for line in lines)


def test_a_counter_that_drifted_is_found_and_repaired(
    publish: Callable[..., Post], ann: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    post = publish(ann)
    Post.objects.filter(pk=post.pk).update(vote_count=7, comment_count=2)
    Board.objects.update(post_count=9)
    level, words = findings()["counters"]
    assert level == "FAIL"
    assert "1 posts' votes, 1 posts' comments, 1 boards' posts" in words
    with pytest.raises(SystemExit):
        call_command("doctor", "--repair")
    assert "votes, comments, boards and asks add up" in capsys.readouterr().out
    post.refresh_from_db()
    assert (post.vote_count, post.comment_count) == (1, 0)


def test_an_ask_that_miscounts_is_found_and_repaired(
    publish: Callable[..., Post], make_ask: Callable[..., Any], ann: Any, bo: Any
) -> None:
    ask = make_ask(publish(ann, "One"), publish(bo, "Two"))
    type(ask).objects.filter(pk=ask.pk).update(post_count=5)
    assert "1 asks' posts" in findings()["counters"][1]
    with pytest.raises(SystemExit):
        call_command("doctor", "--repair")
    ask.refresh_from_db()
    assert ask.post_count == 2


def test_work_that_nobody_does_is_found(publish: Callable[..., Post], ann: Any) -> None:
    publish(ann)
    index_posts.enqueue()
    DBTaskResult.objects.update(enqueued_at=timezone.now() - dt.timedelta(minutes=5))
    Dispatch.objects.update(state=Dispatch.State.PARKED, last_error="ValueError: no such thing")
    Post.objects.update(indexed_as="")
    found = findings()
    assert found["queue"] == ("FAIL", "a job has waited 5 min; is a worker running?")
    assert found["search"] == ("WARN", "1 posts wait to be indexed.")
    assert found["vectors"] == ("WARN", "1 posts wait for the encoder.")
    if Dispatch.objects.exists():
        assert found["deliveries"][0] == "FAIL"


@pytest.mark.django_db
def test_a_large_import_is_no_worker_that_is_gone() -> None:
    work_on_imports.enqueue()
    now = timezone.now()
    DBTaskResult.objects.update(enqueued_at=now - dt.timedelta(minutes=5))
    assert findings()["queue"][0] == "FAIL"
    Import.objects.create(
        file_name="many.csv", source="many", state="RUNNING", made_at=now,
        leased_until=now + dt.timedelta(seconds=30),
    )  # fmt: skip
    assert findings()["queue"][0] != "FAIL"


def test_a_check_that_breaks_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise RuntimeError("no idea")

    monkeypatch.setattr("feedback.ops.doctor.work.CHECKS", (broken,))
    last = list(examine())[-1]
    assert (last.level, last.words) == (Level.FAIL, "could not be checked: RuntimeError: no idea")


def test_a_schema_of_another_version_is_found(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    assert migrations_pending.pending() == []
    there = migrations_pending._in_code()
    monkeypatch.setattr(migrations_pending, "_in_code", lambda: there | {("forum", "9999_later")})
    found = findings()
    assert found["migrations"][0] == "FAIL"
    assert "counters" not in found  # what the schema may not have is not asked
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "1 migrations are to be applied, first forum.9999_later"


def test_the_process_lives_without_a_database(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/livez")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


def test_a_site_is_ready_without_its_encoder(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "encoder": "down", "model_key": ""}


def test_a_site_without_its_database_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        health, "database_trouble", lambda: "the database does not answer: OperationalError"
    )
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)


def trial_mail(capsys: pytest.CaptureFixture[str], address: str) -> str:
    with pytest.raises(SystemExit):  # nobody listens where the encoder should
        call_command("doctor", "--mail", address)
    return capsys.readouterr().out.splitlines()[-1]


def test_doctor_mails_to_oneself(
    capsys: pytest.CaptureFixture[str], settings: Any, mailoutbox: list[Any]
) -> None:
    settings.HAS_MAIL_SERVER, settings.EMAIL_HOST, settings.SITE_NAME = (
        True,
        "mail.example",
        "Acme, Inc.",
    )
    line = trial_mail(capsys, "you@example.org")
    assert line == "PASS  trial mail    handed over to mail.example for you@example.org; look there"
    assert (mailoutbox[0].to, mailoutbox[0].subject) == (["you@example.org"], "Acme, Inc. can mail")


def test_doctor_says_what_the_mail_server_said(
    capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    settings.HAS_MAIL_SERVER = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    line = trial_mail(capsys, "you@example.org")
    assert line.startswith("FAIL  trial mail    The mail could not be handed over to 127.0.0.1:9: ")


@pytest.mark.parametrize("address", ["", "nonsense", "a@b@c"])
def test_doctor_mails_to_an_address_alone(capsys: pytest.CaptureFixture[str], address: str) -> None:
    assert "is not an e-mail address" in trial_mail(capsys, address)


def test_without_a_mail_server_doctor_says_where_the_mail_lies(
    capsys: pytest.CaptureFixture[str], settings: Any, tmp_path: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    assert trial_mail(capsys, "you@example.org").startswith("WARN  trial mail")
    assert list((tmp_path / "mail").iterdir())


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("ENCODER_URL", "http://10.0.0.7:8765", "the encoder at 10.0.0.7"),
        ("ENCODER_URL", "https://10.0.0.7:8765", ""),
        ("ENCODER_URL", "http://encoder:8765", ""),
        ("ENCODER_URL", "http://[::1]:8765", ""),
        ("CHECKER", {"url": "http://checker.example/x"}, "the checker at checker.example"),
        ("TRANSLATE", {"url": "http://model.example/v1"}, "the translator at model.example"),
        ("FILES_BUCKET", {"endpoint_url": "http://s3.example"}, "the bucket at s3.example"),
        ("MAIL_IN", {"host": "imap.example", "is_tls": False, "starts_tls": False}, "the mailbox at imap.example"),
        ("MAIL_IN", {"host": "imap.example", "is_tls": True, "starts_tls": False}, ""),
    ],
)  # fmt: skip
def test_what_goes_to_another_machine_in_the_clear_is_said(
    settings: Any, setting: str, value: Any, said: str
) -> None:
    setattr(settings, setting, value)
    found = installation.other_servers()
    assert (found.level, said in found.words) == ("WARN" if said else "PASS", True)


@pytest.mark.parametrize("is_encrypted", [False, True])
def test_mails_in_the_clear_are_said(settings: Any, is_encrypted: bool) -> None:
    settings.HAS_MAIL_SERVER, settings.EMAIL_HOST = True, "mail.example"
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = is_encrypted, False
    found = installation.other_servers()
    assert (found.level is Level.PASS) is is_encrypted
    assert ("mails to mail.example" in found.words) is not is_encrypted


def test_the_age_of_the_last_backup_is_told_and_whether_one_was_tried(now: dt.datetime) -> None:
    def note(verb: Verb, days: int) -> None:
        noted.note(verb=verb, name=f"{days}.tar.gz", now=now - dt.timedelta(days=days))

    assert findings()["backups"] == (
        "WARN", "none has been made; manage.py backup --to PLACE, each night",
    )  # fmt: skip
    note(Verb.BACKED_UP, 3)
    assert "nothing has been backed up since" in findings()["backups"][1]
    note(Verb.BACKED_UP, 1)
    level, words = findings()["backups"]
    assert level == "WARN"
    assert words.startswith("1.tar.gz is of 2026-")
    assert "none was tried yet" in words
    note(Verb.BACKUP_TRIED, 40)
    assert "none was tried since 2026-" in findings()["backups"][1]
    note(Verb.BACKUP_TRIED, 2)
    assert findings()["backups"][0] == "PASS"


def test_the_login_of_the_first_start_should_not_lie_about(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    assert installation.first_login().level is Level.PASS
    keep_login("E-mail …", tmp_path)
    assert "then remove the file" in installation.first_login().words

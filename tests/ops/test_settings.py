"""Every setting tried with nothing, with spaces and with nonsense: as if unset, or one sentence that says what is wrong."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db.utils import OperationalError
from django.test import Client, override_settings

from config.database_errors import sentence_about
from tests.ops.nonsense_of_guards import GUARDS, NAMES
from tests.ops.test_documented import documented_knobs
from tests.processes import ROOT, command, environment

KNOBS = sorted(name for name in documented_knobs() if not name.startswith("HEED_TEST_"))
#: Whatever stands there is a name, a secret, or asked about elsewhere.
ANYTHING_GOES = {"HEED_SITE_NAME", "HEED_ENCODER_TOKEN", "HEED_DATA_DIR", "HEED_ENCODER"} | NAMES
NONSENSE = {
    "HEED_SECRET_KEY": ["nonsense"],
    "HEED_WEB_WORKERS": ["nonsense", "0", "-1", "1.5", "1e9", "１０００"],
    "HEED_PLACING_PRECISION": ["nonsense", "0", "-0.1", "1.1", "nan", "inf", "90%"],
    "HEED_BASE_URL": ["nonsense", "feedback.example.org", "ftp://x.example", "https://", "http://a b", "http://x:abc"],
    "HEED_ENCODER_URL": ["nonsense", "127.0.0.1:8765", "http://x:99999"],
    "HEED_ALLOWED_HOSTS": ["https://x.example", "x.example:80", "a b", "x/y"],
    "HEED_OUTBOUND_ALLOW": ["*", "https://x.example", "x.example:80", "a b", "10.0.0.0/99", "10.0.0", "0x7f.1/8", "fe80::1%eth0/64", ".x.example"],
    "HEED_LANGUAGE": ["nonsense", "fr", "english", "zh-hant"],
    "HEED_TIME_ZONE": ["nonsense", "UTC+8", "../../etc/passwd", "/etc/localtime", "Asia/Peking"],
    "HEED_LOG_LEVEL": ["nonsense", "10", "VERBOSE"],
    "HEED_LOG_FORMAT": ["nonsense", "xml"],
    "HEED_METRICS_TOKEN": ["nonsense"],
    "HEED_ADMIN_EMAIL": ["nonsense", "a@b@c", "Me <me@example.org>"],
    "HEED_MAIL_PER_MINUTE": ["nonsense", "-1", "1.5", "1000001"],
    "HEED_MAIL_IN": ["nonsense", "imap://", "imaps://host", "imaps://u@host", "imaps://u:secret@", "imaps://u:secret@host:abc", "pop3://u:secret@host"],
    "HEED_MAIL_IN_ADDRESS": ["nonsense", "a@b@c", f"{'a' * 36}@x.example"],
    "HEED_FROM_EMAIL": ["nonsense", "Acme <nonsense>", "<>", "Acme <a@b.example"],
    "EMAIL_URL": ["nonsense", "smtp://", "smtp://host:abc", "http://mail.example", "mail.example:25", "smtp+tls://u:secret@", "anymail+nobody://?server_token=secret", "anymail+postmark://"],
    "DATABASE_URL": ["nonsense", "postgres://", "mysql://u:secret@h/db", "postgres://u:secret@h:abc/db", "oracle://h/x"],
    "HEED_SIGNUP_OPEN": ["nonsense", "maybe", "2"],
    "HEED_SIGN_UP": ["nonsense", "yes", "domain"],
    "HEED_SIGN_UP_DOMAINS": ["nonsense", "@", "a b.example", "*.example", "https://acme.example"],
    "HEED_SIGN_IN_OIDC": ["nonsense", "Acme=", "https://u:secret@x.example", "Acme=https://x.example", "Acme=https://u@x.example", "Acme=ftp://u:secret@x", "Acme=https://u:secret@x:abc", "中=https://u:secret@x", "A=https://u:secret@x;A=https://u:secret@y"],
    **GUARDS,
    "HEED_SITE_PRIVATE": ["nonsense", "private", "2"],
    "HEED_IMPORT_MEGABYTES": ["nonsense", "0", "-1", "1.5", "200 MB", "1e9"],
    "HEED_HSTS_SECONDS": ["nonsense", "-1"],
    "HEED_TRUSTED_PROXY_COUNT": ["nonsense", "0"],
}  # fmt: skip
ONE_SENTENCE = re.compile(r"[A-Z_]+ (?:is '.*'|cannot be used): (?:it|yes) ?[^\n]+\.")


def plain(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name.isupper() and name != "LOGGING"}


@pytest.mark.parametrize("blank", ["", "   ", "\t\n", "\u200b"])
@pytest.mark.parametrize("name", KNOBS)
def test_a_variable_with_nothing_in_it_counts_as_unset(
    read: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch, name: str, blank: str
) -> None:
    monkeypatch.setenv("HEED_SECRET_KEY", "x" * 40)
    monkeypatch.delenv(name, raising=False)
    if name == "HEED_DATA_DIR":
        # The folder of the project is somebody's own; a look at where it would be is enough.
        from config import environment as env

        monkeypatch.setenv(name, blank)
        env.tidy()
        assert name not in os.environ
        return
    unset = plain(read(HEED_DATA_DIR=os.environ["HEED_DATA_DIR"]))
    assert plain(read(**{name: blank})) == unset
    assert name not in os.environ  # nor for whoever asks the environment


@pytest.mark.parametrize("name", sorted(set(KNOBS) - ANYTHING_GOES))
def test_nonsense_is_one_sentence_and_nothing_is_started(
    read: Callable[..., dict[str, Any]], name: str
) -> None:
    for value in NONSENSE.get(name, ["nonsense", "-1"]):
        with pytest.raises(SystemExit) as ended:
            read(**{name: value})
        said = str(ended.value.code)
        assert ONE_SENTENCE.fullmatch(said), said
        assert said.startswith(name)
        assert "secret" not in said  # what may hold a password is not repeated


@pytest.mark.parametrize("name", ["HEED_SITE_NAME", "HEED_ENCODER_TOKEN", "EMAIL_URL"])
def test_bytes_that_are_no_text_are_one_sentence(
    read: Callable[..., dict[str, Any]], name: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        read(**{name: os.fsdecode(b"Caf\xe9")})
    assert str(ended.value.code) == f"{name} cannot be used: it must be text in UTF-8."


@pytest.mark.parametrize("value", ["x" * 5000, "~nobody-of-that-name/heed"])
def test_where_no_folder_can_be(read: Callable[..., dict[str, Any]], value: str) -> None:
    with pytest.raises(SystemExit) as ended:
        read(HEED_DATA_DIR=value)
    assert str(ended.value.code).startswith("HEED_DATA_DIR is '")
    assert ONE_SENTENCE.fullmatch(str(ended.value.code))


@pytest.mark.parametrize("name", sorted(ANYTHING_GOES - {"HEED_DATA_DIR"}))
def test_what_may_be_anything_is_taken_as_it_is(
    read: Callable[..., dict[str, Any]], name: str
) -> None:
    read(**{name: "???"})


@pytest.mark.parametrize(
    ("variables", "setting", "value"),
    [
        ({"HEED_LANGUAGE": "ZH-Hans"}, "LANGUAGE_CODE", "zh-hans"),
        ({"HEED_LANGUAGE": "zh_CN"}, "LANGUAGE_CODE", "zh-hans"),
        ({"HEED_LANGUAGE": " en "}, "LANGUAGE_CODE", "en"),
        ({"HEED_TIME_ZONE": "Asia/Shanghai"}, "TIME_ZONE", "Asia/Shanghai"),
        ({"HEED_BASE_URL": "https://x.example/"}, "BASE_URL", "https://x.example"),
        ({"HEED_SIGNUP_OPEN": "No"}, "SIGNUP_OPEN", False),
        ({"HEED_SIGNUP_OPEN": "No"}, "SIGN_UP", "closed"),
        ({"HEED_SIGN_UP": "Invitation"}, "SIGN_UP", "invitation"),
        (
            {"HEED_SIGN_UP_DOMAINS": "@Acme.example, x.org"},
            "SIGN_UP_DOMAINS",
            ["acme.example", "x.org"],
        ),
        ({"HEED_SITE_PRIVATE": "yes"}, "SITE_PRIVATE", True),
        ({"HEED_WEB_WORKERS": " 3 "}, "WEB_WORKERS", 3),
        ({"HEED_PLACING_PRECISION": ".95"}, "PLACING_PRECISION", 0.95),
        ({"HEED_SITE_NAME": "Acme\n  Feedback "}, "SITE_NAME", "Acme Feedback"),
    ],
)
def test_what_is_meant_is_understood(
    read: Callable[..., dict[str, Any]], variables: dict[str, str], setting: str, value: object
) -> None:
    assert read(**variables)[setting] == value


def test_cookies_belong_to_this_host_alone_where_the_site_is_encrypted(
    read: Callable[..., dict[str, Any]],
) -> None:
    found = read(HEED_BASE_URL="https://x.example")
    assert found["SESSION_COOKIE_NAME"] == "__Host-heed_session"
    assert found["CSRF_COOKIE_NAME"] == "__Host-heed_csrf"
    assert {found[f"{name}_COOKIE_SECURE"] for name in ("SESSION", "CSRF", "LANGUAGE")} == {True}
    assert found["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    found = read(HEED_BASE_URL="http://x.example")
    assert (found["SESSION_COOKIE_NAME"], found["SESSION_COOKIE_SECURE"]) == ("heed_session", False)
    assert found["SECURE_HSTS_SECONDS"] == 0


def test_a_list_of_hosts(read: Callable[..., dict[str, Any]]) -> None:
    hosts = read(HEED_ALLOWED_HOSTS=" a.example, .b.example ,[::1],10.0.0.5, * ")["ALLOWED_HOSTS"]
    assert hosts[:5] == ["a.example", ".b.example", "[::1]", "10.0.0.5", "*"]


def test_where_webhooks_may_go_all_the_same(read: Callable[..., dict[str, Any]]) -> None:
    found = read(HEED_OUTBOUND_ALLOW=" Chat.Example , 10.0.0.5,10.1.2.3/16, fd00::/8,")
    assert found["OUTBOUND_ALLOW"] == ["chat.example", "10.0.0.5/32", "10.1.0.0/16", "fd00::/8"]


@pytest.mark.parametrize(
    ("url", "port", "starts", "encrypted"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp://127.0.0.1:2525", 2525, False, False),
        ("smtp+tls://me:p%40ss@mail.example", 587, True, False),
        ("submission://me:p%40ss@mail.example:2587", 2587, True, False),
        ("smtp+ssl://me:p%40ss@mail.example", 465, False, True),
        ("smtps://me:p%40ss@mail.example:465", 465, False, True),
        ("smtp://me:p%40ss@mail.example:587?tls=True", 587, True, False),
        ("smtp://me:p%40ss@mail.example:465?ssl=1", 465, False, True),
    ],
)
def test_a_mail_server_in_every_form_that_is_documented(
    read: Callable[..., dict[str, Any]], url: str, port: int, starts: bool, encrypted: bool
) -> None:
    found = read(EMAIL_URL=url)
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (
        port, starts, encrypted
    )  # fmt: skip
    assert found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    if "@" in url:
        assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me", "p@ss")


def test_a_secret_in_a_file(read: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    kept = tmp_path / "key"
    kept.write_text("x" * 50 + "\n")
    assert read(HEED_SECRET_KEY="  ", HEED_SECRET_KEY_FILE=str(kept))["SECRET_KEY"] == "x" * 50


@pytest.mark.parametrize("content", [None, b"", b"  \n", b"\xff\xfe\x00"])
@pytest.mark.parametrize("name", ["HEED_SECRET_KEY", "DATABASE_URL", "EMAIL_URL"])
def test_a_file_that_holds_no_secret(
    read: Callable[..., dict[str, Any]], tmp_path: Path, name: str, content: bytes | None
) -> None:
    kept = tmp_path / "secret"
    if content is not None:
        kept.write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        read(**{f"{name}_FILE": str(kept)})
    assert str(ended.value.code).startswith(f"{name}_FILE is '{kept}': ")


def test_a_slip_of_the_hand_is_told_by_doctor(read: Callable[..., dict[str, Any]]) -> None:
    found = read(HEED_SITENAME="Acme", HEED_SITE_NAME="Acme")
    assert found["UNKNOWN_VARIABLES"] == ["HEED_SITENAME"]


# --- Who mails come from -------------------------------------------------------------------------------------------
NAMES = [
    "Acme, Inc. Feedback", "Ideas: Acme", "Feedback @ Acme", "Acme; Co", 'The "Acme" Forum', "Acme <beta>", "Acme (beta)",
    "Acme, 反馈中心", "反馈：中心", "Größe, Äpfel & Söhne", "Acme\nBcc: all@example.org", "\\", "\U0001f680 Ideas", "a" * 300,
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_site_of_any_name_can_mail(read: Callable[..., dict[str, Any]], name: str) -> None:
    found = read(HEED_SITE_NAME=name)
    with override_settings(DEFAULT_FROM_EMAIL=found["DEFAULT_FROM_EMAIL"]):
        message = EmailMessage(f"{found['SITE_NAME']}: hello", "Words", to=["me@example.org"])
        sent = message.message()
    shown, address = parseaddr(str(sent["From"]))
    assert address == "heed@127.0.0.1"
    from email.header import decode_header, make_header

    assert str(make_header(decode_header(shown))) == " ".join(name.split())
    assert "Bcc" not in sent


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("feedback@acme.example", "Acme, Inc."),
        ("<feedback@acme.example>", "Acme, Inc."),
        ("Acme, Inc. Support <feedback@acme.example>", "Acme, Inc. Support"),
        ('"Acme, Inc." <feedback@acme.example>', "Acme, Inc."),
    ],
)
def test_a_sender_of_any_name(read: Callable[..., dict[str, Any]], given: str, shown: str) -> None:
    found = read(HEED_SITE_NAME="Acme, Inc.", HEED_FROM_EMAIL=given)["DEFAULT_FROM_EMAIL"]
    assert parseaddr(found) == (shown, "feedback@acme.example")


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_signing_up_mails_from_a_site_of_any_name(
    read: Callable[..., dict[str, Any]], settings: Any, client: Client, name: str
) -> None:
    found = read(HEED_SITE_NAME=name)
    settings.SITE_NAME, settings.DEFAULT_FROM_EMAIL = (
        found["SITE_NAME"],
        found["DEFAULT_FROM_EMAIL"],
    )
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    answer = client.post(
        "/accounts/signup/",
        {"display_name": "N", "email": "n@example.org", "password1": "kolibri-Tasse-77x"},
    )
    assert answer.status_code == 302
    sent = mail.outbox[-1].message()
    assert "\n" not in str(sent["Subject"]).replace("\n ", " ")
    assert parseaddr(str(sent["From"]))[1] == "heed@127.0.0.1"


# --- As an operator meets it ---------------------------------------------------------------------------------------
def run(folder: Path, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command(*words), env=environment(folder) | variables, cwd=ROOT, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "variables",
    [
        {"HEED_LANGUAGE": "xx"},
        {"HEED_TIME_ZONE": "Mars/Olympus"},
        {"HEED_LOG_LEVEL": "loud"},
        {"EMAIL_URL": "nonsense"},
        {"HEED_ENCODER": "no-such-model"},
        {"HEED_ENCODER": "no/such model?prompt=x"},
    ],
    ids=str,
)
def test_serve_says_what_is_wrong_and_starts_nothing(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    done = run(tmp_path, "serve", "--port", "18733", "--sample", "none", **variables)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    (name,) = variables
    assert name in done.stderr.splitlines()[-1]
    assert not list(tmp_path.glob("running*"))


def test_a_file_where_the_data_folder_should_be(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("x")
    done = run(taken, "check")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"HEED_DATA_DIR is '{taken}': it must be a folder, and that is a file."
    ]


def test_a_database_without_tables_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text("id,title\n1,Dark mode\n")
    done = run(tmp_path / "fresh", "import_posts", str(file), "--board", "x", "--create-board")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].endswith("run python manage.py migrate first.")


@pytest.mark.parametrize(
    ("cause", "begins"),
    [
        (psycopg.OperationalError("connection failed: Connection refused"), "The database cannot be used (connection failed"),
        (psycopg.errors.UndefinedTable('relation "x" does not exist'), "The database is not ready"),
        (sqlite3.OperationalError("unable to open database file"), "The database cannot be used (unable"),
        (sqlite3.OperationalError("database is locked"), ""),
        (psycopg.errors.DeadlockDetected("deadlock detected"), ""),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_with_a_database_is_one_sentence(cause: Exception, begins: str) -> None:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    said = sentence_about(error)
    assert said.startswith(begins) and bool(said) == bool(begins)


def test_the_installer_takes_nothing_for_unset() -> None:
    done = subprocess.run(
        [sys.executable, "-c",
         "from config import bootstrap as b; b.check_ground = lambda *a: print(*a); b.ensure_installed = lambda e: None;"
         "import os; os.execv = lambda *a: print(*a[1][2:]); b.main(['serve', '--port', '', '--host', ' ', '--sample', ''])"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, env=dict(os.environ, HEED_DATA_DIR=" "),
    )  # fmt: skip
    assert "127.0.0.1 8000" in done.stdout


@pytest.mark.parametrize(
    ("url", "port", "folder"),
    [
        ("imaps://reply%40x.example:p%40ss@imap.example", 993, "INBOX"),
        ("imap+tls://reply%40x.example:p%40ss@imap.example/Heed/Replies", 143, "Heed/Replies"),
        ("imap://reply%40x.example:p%40ss@imap.example:1143/", 1143, "INBOX"),
    ],
)
def test_a_mailbox_in_every_form_that_is_documented(
    read: Callable[..., dict[str, Any]], url: str, port: int, folder: str
) -> None:
    found = read(HEED_MAIL_IN=url)
    mailbox = found["MAIL_IN"]
    assert (mailbox["port"], mailbox["folder"]) == (port, folder)
    assert (mailbox["user"], mailbox["password"]) == ("reply@x.example", "p@ss")
    assert found["MAIL_IN_ADDRESS"] == "reply@x.example"


def test_a_mailbox_has_an_address(
    read: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match="HEED_MAIL_IN_ADDRESS is '': it must be the address"):
        read(HEED_MAIL_IN="imaps://heed:secret@imap.example")
    with pytest.raises(SystemExit, match="it is no use without HEED_MAIL_IN"):
        monkeypatch.delenv("HEED_MAIL_IN")
        read(HEED_MAIL_IN_ADDRESS="reply@x.example")
    found = read(HEED_MAIL_IN="imaps://heed:secret@imap.example")
    assert found["MAIL_IN_ADDRESS"] == "reply@x.example"


def test_a_provider_is_set_up_by_the_address_of_its_name(
    read: Callable[..., dict[str, Any]],
) -> None:
    found = read(EMAIL_URL="anymail+postmark://?server_token=x%26y&webhook_secret=heed:z")
    assert found["EMAIL_BACKEND"] == "anymail.backends.postmark.EmailBackend"
    assert found["ANYMAIL"]["POSTMARK_SERVER_TOKEN"] == "x&y"
    assert found["ANYMAIL"]["WEBHOOK_SECRET"] == "heed:z"
    assert found["INSTALLED_APPS"][-1] == "anymail"
    assert found["ACCOUNT_EMAIL_VERIFICATION"] == "mandatory"
    assert "anymail" not in read(EMAIL_URL="smtp://mail.example")["INSTALLED_APPS"]

"""No secret of the settings stands in a line of a log, in a traceback, or in what `doctor` says; no key of an address in a log."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.test import Client

from feedback.kernel import hiding
from feedback.ops.doctor import examine, finding
from tests.processes import ROOT, environment, on_sqlite

A_WHILE = 120

SECRETS = {
    "HEED_SECRET_KEY": "the-key-of-sessions-0123456789-abcdefghij",
    "HEED_ENCODER_TOKEN": "the-token-of-the-encoder",
    "HEED_METRICS_TOKEN": "the-token-of-prometheus-0123",
    "HEED_SIGN_IN_GITHUB_ID": "client",
    "HEED_SIGN_IN_GITHUB_SECRET": "the-secret-of-github",
    "HEED_TRANSLATE_URL": "http://127.0.0.1:9/v1",
    "HEED_TRANSLATE_MODEL": "model",
    "HEED_TRANSLATE_KEY": "the-key-of-the-translator",
    "EMAIL_URL": "smtp+tls://heed:the%2Fpass@word%2Fof%2Fmail@127.0.0.1:9",
    "HEED_MAIL_IN": "imaps://replies%40example.org:the-password-of-the-box@127.0.0.1:9",
    "HEED_FILES": "s3+http://the-id:the-password-of-files@127.0.0.1:9/bucket",
    # Of others, whom we hand the environment on to.
    "AWS_SECRET_ACCESS_KEY": "the+secret/of+amazon/0123456789",
    "AWS_SESSION_TOKEN": "the-session-of-amazon",
    "PGPASSWORD": "the-password-of-postgres",
    "HEED_ENCODER_URL": "http://heed:of-the-encoders-proxy@127.0.0.1:9",
}
SAID = {
    *(value for name, value in SECRETS.items() if "://" not in value and len(value) > 8),
    "the%2Fpass@word%2Fof%2Fmail", "the/pass@word/of/mail", "the-password-of-the-box", "the-password-of-files",
    "of-the-encoders-proxy",
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
        ("postgres://heed:p@ssw@rd-1@db:5432/heed", {"p@ssw@rd-1", "p%40ssw%40rd-1"}),
        ("smtp+tls://heed:@t@the@beginning@mail.example.org:587", {"@t@the@beginning"}),
        ("anymail+postmark://?server_token=abcdefghi&webhook_secret=name:password", {"abcdefghi", "name:password"}),
        ("Acme=https://id:first-secret@x;Other=https://id:other-secret@y", {"first-secret", "other-secret"}),
        ("sqlite:////var/lib/heed.sqlite3", set()),
        ("https://feedback.example.org:8000/@ann", set()),
        ("short", set()),
        ('with "quotes"', {'with "quotes"', r"with \"quotes\""}),
        ("with\\backslash", {"with\\backslash", "with\\\\backslash", "with\\\\\\\\backslash"}),
        ("密码在这里写着呢", {"密码在这里写着呢", quote("密码在这里写着呢")}),
    ],
)  # fmt: skip
def test_what_is_secret_in_a_setting(value: str, found: set[str]) -> None:
    assert hiding.secrets_in(value) >= found
    assert bool(hiding.secrets_in(value)) is bool(found)


def test_what_is_made_of_a_setting_is_known_by_its_name() -> None:
    made = {
        "DATABASES": {"default": {"NAME": "heed", "USER": "heed", "PASSWORD": "pass;word'1"}},
        "ANYMAIL": {"MAILGUN_API_KEY": "of-mailgun", "MAILGUN_WEBHOOK_SIGNING_KEY": "signs-hooks"},
        "SOCIAL": {"github": {"APPS": [{"client_id": "public", "secret": "of-github"}]}},
        "STORAGES": {"OPTIONS": {"aws_access_key_id": "named", "aws_secret_access_key": "of-aws"}},
        "TRANSLATE": {"url": "https://u:p@x/", "key": "of-the-translator", "closed": False},
        "CAPTCHA": {"site_key": "in every page"},
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/run/token",
    }
    found = {"pass;word'1", "of-mailgun", "signs-hooks", "of-github", "of-aws", "of-the-translator"}
    assert hiding.known_to(made) == found | {"https://u:p@x/"}


def test_an_address_in_a_line_has_no_password_however_short() -> None:
    said = hiding.hidden("could not connect to 'postgres://heed:heed@db/heed', heed")
    assert said == f"could not connect to 'postgres://heed:{hiding.HIDDEN}@db/heed', heed"
    for plain in ("http://[::1]:8000/@ann", "https://a.example: write to ann@example.org"):
        assert hiding.hidden(plain) == plain


#: Ends a thread and then the process by an error that nothing catches.
FATAL = """
import django, os, threading; django.setup()
def fail():
    raise ValueError(os.environ["DATABASE_URL"], os.environ["AWS_SECRET_ACCESS_KEY"])
one = threading.Thread(target=fail); one.start(); one.join()
fail()
"""


@on_sqlite
def test_no_secret_stands_in_what_ends_a_process(site: Path) -> None:
    secrets = {"DATABASE_URL": "postgres://heed:of@the@database@127.0.0.1:9/heed"}
    secrets["AWS_SECRET_ACCESS_KEY"] = SECRETS["AWS_SECRET_ACCESS_KEY"]
    told = environment(site, DJANGO_SETTINGS_MODULE="config.settings", **secrets)
    ran = subprocess.run(
        [sys.executable, "-c", FATAL], env=told, cwd=ROOT, capture_output=True, text=True, timeout=A_WHILE, check=False
    )  # fmt: skip
    assert ran.returncode == 1
    assert ran.stderr.count("in fail") == 2 and ran.stderr.count("ValueError") >= 2
    assert ran.stderr.count(hiding.HIDDEN) == 4
    assert not [one for one in ("of@the@database", "of+amazon") if one in ran.stderr]


@pytest.mark.django_db
def test_doctor_says_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = os.environ["HEED_SECRET_KEY"]

    def broken() -> finding.Finding:
        raise ValueError(f"{secret} and postgres://heed:p@ss@db/heed")

    monkeypatch.setattr(examine.installation, "CHECKS", (broken,))
    with pytest.raises(SystemExit):
        call_command("doctor")
    said = capsys.readouterr().out
    assert f"{hiding.HIDDEN} and postgres://heed:{hiding.HIDDEN}@db/heed" in said
    assert secret not in said


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

"""Reading settings from the environment: each as what it must be, or one sentence that says what is wrong.

A variable that is empty, or of spaces alone, counts as unset: compose files hand over ``NAME=${NAME:-}``. What cannot be
meant ends the process with the sentence and an exit code, before anything is half started. A value that may hold a
password is never repeated.
"""

import importlib.util
import os
import re
from collections.abc import Callable, Mapping
from email.utils import formataddr
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from environs import Env, EnvError

from feedback.kernel import visible

T = TypeVar("T")

_OURS = re.compile(r"(?:HEED_\w+|DATABASE_URL|EMAIL_URL)(?:_FILE)?")
_HOST = re.compile(r"\*|\.?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_SENDER = re.compile(r"(?P<name>.*?)\s*<(?P<address>[^<>]*)>")
#: How mail servers are spoken to, by scheme: (port, STARTTLS, TLS from the start).
_MAIL = {
    "smtp": (25, False, False),
    "smtp+tls": (587, True, False),
    "submission": (587, True, False),
    "smtp+ssl": (465, False, True),
    "smtps": (465, False, True),
}
#: Mail providers that are spoken to by their own interface, through django-anymail.
_PROVIDERS = {
    "brevo", "mailersend", "mailgun", "mailjet", "mailtrap", "mandrill", "postmark", "sendgrid", "sparkpost", "unisender_go",
}  # fmt: skip
#: How mailboxes are read, by scheme: (port, STARTTLS, TLS from the start).
_MAILBOXES = {
    "imap": (143, False, False),
    "imap+tls": (143, True, False),
    "imaps": (993, False, True),
}
#: What was asked for, so that `doctor` knows what nobody asks for.
asked: set[str] = set()
_env = Env(expand_vars=False)


def tidy() -> None:
    """Forget variables with nothing in them, and take off the spaces around the others."""
    for name in list(os.environ):
        if _OURS.fullmatch(name):
            os.environ[name] = os.environ[name].strip()
            if any("\ud800" <= char <= "\udfff" for char in os.environ[name]):
                wrong(name, "it must be text in UTF-8", secret=True)
            if not visible.shows(os.environ[name]):
                del os.environ[name]


def from_file(name: str) -> None:
    """Read ``name`` from the file that ``name``_FILE names, as container secrets are handed over."""
    asked.add(f"{name}_FILE")
    path = os.environ.get(f"{name}_FILE")
    if not path or name in os.environ:
        return
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        wrong(f"{name}_FILE", f"the file cannot be read: {reason}")
    if not value:
        wrong(f"{name}_FILE", "there is nothing in the file")
    os.environ[name] = value


def wrong(name: str, sentence: str, *, secret: bool = False) -> NoReturn:
    """End the process: ``name`` is not what it must be."""
    said = name if secret else f"{name} is {os.environ.get(name, '')[:100]!r}"
    raise SystemExit(f"{said}{' cannot be used' if secret else ''}: {sentence}.")


def _read(name: str, default: T, read: Callable[[str], T], sentence: str) -> T:
    asked.add(name)
    if name not in os.environ:
        return default
    try:
        return read(name)
    except (EnvError, ValueError, KeyError, ValidationError):
        wrong(name, sentence)


# --- What they must be -----------------------------------------------------------------------------------------------
def text(name: str, default: str = "") -> str:
    """Return some words of one line."""
    return _read(name, default, lambda name: " ".join(os.environ[name].split()), "")


def secret(name: str, *, least: int = 0) -> str:
    """Return what nobody else may know, of ``least`` characters; "" where there is none."""
    value = text(name)
    if value and len(value) < least:
        wrong(name, "it is easily guessed; take 40 random characters or more", secret=True)
    return value


def folder(name: str, default: Path) -> Path:
    """Return a folder, which need not be there yet."""
    try:
        path = Path(text(name, str(default))).expanduser().resolve()
        is_file = path.exists() and not path.is_dir()
    except (OSError, RuntimeError):  # too long a name, nobody's home
        wrong(name, "it must be a folder, and none can be there")
    if is_file:
        wrong(name, "it must be a folder, and that is a file")
    return path


def yes(name: str, default: bool) -> bool:
    """Return yes or no."""
    said = yes_if_said(name)
    return default if said is None else said


def yes_if_said(name: str) -> bool | None:
    """Return yes or no, None where nothing is said."""
    return _read(name, None, _env.bool, "it can be yes or no")


def number(name: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number from ``least`` to ``most``."""

    def read(name: str) -> int:
        value: int = _env.int(name)
        if not least <= value <= most:
            raise ValueError(value)
        return value

    return _read(name, default, read, f"it must be a whole number from {least} to {most}")


def share(name: str, default: float) -> float:
    """Return a share, between 0 and 1."""

    def read(name: str) -> float:
        value: float = _env.float(name)
        if not 0 < value <= 1:  # what is no number is neither
            raise ValueError(value)
        return value

    return _read(name, default, read, "it must be a share between 0 and 1, such as 0.9")


def choice(name: str, default: str, known: Mapping[str, str]) -> str:
    """Return what ``known`` makes of the value, in whatever case it is written."""
    values = list(dict.fromkeys(known.values()))
    listed = f"{', '.join(values[:-1])} or {values[-1]}"
    return _read(name, default, lambda name: known[os.environ[name].lower()], f"it can be {listed}")


def time_zone(name: str, default: str) -> str:
    """Return the IANA name of a time zone."""
    sentence = "it must be the name of a time zone, such as UTC or Asia/Shanghai"
    return _read(name, default, lambda name: ZoneInfo(os.environ[name]).key, sentence)


def address(name: str, default: str = "") -> str:
    """Return an address that begins with http:// or https:// and has a host, without a slash at its end."""

    def read(name: str) -> str:
        value = os.environ[name]
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host_of(value)):
            raise ValueError(value)
        _ = parts.port  # raises for what is none
        return value.rstrip("/")

    return _read(name, default, read, "it must be an address, such as https://feedback.example.org")


def host_of(url: str) -> str:
    """Return the host that ``url`` names, an IPv6 address in its brackets."""
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host


def hosts(name: str) -> list[str]:
    """Return host names, separated by commas."""

    def read(name: str) -> list[str]:
        names = [one.strip() for one in os.environ[name].split(",") if one.strip()]
        if not all(map(_HOST.fullmatch, names)):
            raise ValueError(names)
        return names

    sentence = (
        "it must list host names without scheme or port, such as feedback.example.org, 10.0.0.5"
    )
    return _read(name, [], read, sentence)


def destinations(name: str) -> list[str]:
    """Return host names, addresses and networks, separated by commas, each in its one spelling."""

    def read(name: str) -> list[str]:
        return [_destination(one.strip()) for one in os.environ[name].split(",") if one.strip()]

    sentence = (
        "it must list hosts, addresses or networks without scheme or port, "
        "such as chat.example.org, 10.0.0.5, 10.1.0.0/16"
    )
    return _read(name, [], read, sentence)


def _destination(value: str) -> str:
    if re.fullmatch(r"[\d./]+|[^%]*:[^%]*", value):
        return str(ip_network(value, strict=False))
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", value):
        raise ValueError(value)
    return value.lower()


def mail_address(name: str, default: str, *, most_before_at: int = 64) -> str:
    """Return an e-mail address, with so many characters before the @ at most."""

    def read(name: str) -> str:
        EmailValidator()(os.environ[name])
        if len(os.environ[name].partition("@")[0]) > most_before_at:
            raise ValueError(name)
        return os.environ[name]

    sentence = "it must be an e-mail address, such as me@example.org"
    if most_before_at < 64:
        sentence += f", with {most_before_at} characters before the @ at most"
    return _read(name, default, read, sentence)


def sender(name: str, *, called: str, otherwise: str) -> str:
    """Return who mails come from: a name and an address, quoted as mail wants it.

    The value is "Name <address>", in which the name may hold anything, or an address alone, which is then called
    ``called``; so is the address ``otherwise``, where there is none.
    """

    def read(name: str) -> str:
        found = _SENDER.fullmatch(text(name))
        names, address = found.groups() if found else ("", text(name))
        EmailValidator()(address)
        return formataddr((names.strip('" ') or called, address))

    sentence = (
        "it must be an address, or a name and an address: Acme Feedback <feedback@acme.example>"
    )
    return _read(name, formataddr((called, otherwise)), read, sentence)


def database(name: str, default: str) -> dict[str, Any]:
    """Return what Django wants to know of a database: PostgreSQL, or SQLite in a file."""
    asked.add(name)
    try:
        found: dict[str, Any] = dict(_env.dj_db_url(name, default))
    except EnvError:
        found = {}
    engine = str(found.get("ENGINE", "")).rpartition(".")[2]
    if engine not in ("postgresql", "sqlite3") or not found["NAME"]:
        wrong(
            name,
            "it must be an address such as postgres://user:password@host:5432/heed",
            secret=True,
        )
    return found


def mail_server(name: str) -> dict[str, Any]:
    """Return what Django wants to know of a mail server; empty where there is none."""
    asked.add(name)
    if name not in os.environ:
        return {}
    sentence = "it must be an address such as smtp+tls://user:password@mail.example.org:587"
    try:
        parts = urlsplit(os.environ[name])
        port, starts, is_encrypted = _MAIL[parts.scheme]
        port = parts.port or port
        wanted = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    except (ValueError, KeyError):
        wrong(name, sentence, secret=True)
    if not parts.hostname or parts.path.strip("/"):
        wrong(name, sentence, secret=True)
    if wanted.get("ssl") or wanted.get("tls"):
        is_encrypted = _env_truth(wanted.get("ssl", ""))
        starts = not is_encrypted and _env_truth(wanted.get("tls", ""))
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": starts,
        "EMAIL_USE_SSL": is_encrypted,
    }


def mail_provider(name: str) -> tuple[str, dict[str, Any]]:
    """Return a mail provider and what it takes to use it, as django-anymail calls that; ("", {}) for none.

    The value is ``anymail+NAME://?key=value&…``.
    """
    scheme, _colon, rest = os.environ.get(name, "").partition("://")
    provider = scheme.removeprefix("anymail+")
    if provider == scheme:
        return "", {}
    given = {key.upper(): values[-1] for key, values in parse_qs(rest.lstrip("/?")).items()}
    if provider not in _PROVIDERS or not given:
        wrong(
            name,
            "it must be an address such as anymail+postmark://?server_token=TOKEN, of a provider that is known",
            secret=True,
        )
    if importlib.util.find_spec("anymail") is None:
        wrong(
            name, "it names a provider, for which the package django-anymail is needed", secret=True
        )
    return provider, {
        key if key == "WEBHOOK_SECRET" else f"{provider.upper()}_{key}": value
        for key, value in given.items()
    }


def mailbox(name: str) -> dict[str, Any]:
    """Return what signing in to a mailbox takes: host, port, starts_tls, is_tls, user, password, folder; empty for none."""
    asked.add(name)
    if name not in os.environ:
        return {}
    sentence = "it must be an address such as imaps://user:password@imap.example.org/INBOX"
    try:
        parts = urlsplit(os.environ[name])
        port, starts, is_encrypted = _MAILBOXES[parts.scheme]
        port = parts.port or port
    except (ValueError, KeyError):
        wrong(name, sentence, secret=True)
    if not parts.hostname or not parts.username or not parts.password or parts.query:
        wrong(name, sentence, secret=True)
    return {
        "host": parts.hostname,
        "port": port,
        "starts_tls": starts,
        "is_tls": is_encrypted,
        "user": unquote(parts.username),
        "password": unquote(parts.password),
        "folder": unquote(parts.path.strip("/")) or "INBOX",
    }


def _env_truth(value: str) -> bool:
    return value.lower() in ("1", "true", "yes", "on")


def not_known() -> list[str]:
    """Return variables that look like Heed's and that nothing reads: a slip of the hand."""
    return sorted(
        name
        for name in os.environ
        if name.startswith("HEED_") and name not in asked and not name.startswith("HEED_TEST_")
    )

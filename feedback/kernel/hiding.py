"""What of the settings is secret and must not stand in any log, traceback or report."""

import json
import re
import sys
import threading
import traceback
from collections.abc import Iterable, Mapping
from types import TracebackType
from urllib.parse import quote, unquote, unquote_plus

#: What stands in its place.
HIDDEN = "[hidden]"
#: Fewer characters are a word that anything may say: they are hidden in addresses alone.
_LEAST = 8
#: What stands before the last @ of an address' host, for an @ in a password is easily left as it is.
_PASSWORD = re.compile(r"(?<=://)([^:/?#@\s;]*):([^/?#\s;'\"<>]+)(?=@)")
_QUERY = re.compile(r"[?&][a-z_]*(?:key|secret|token|password)[a-z_]*=([^&;\s]+)", re.IGNORECASE)
#: How variables and settings that hold nothing but a secret are called, those of others that we start too (AWS_…, PG…).
_CALLED = re.compile(
    r"(?:secret|password|passwd|passphrase|credentials?|token|(?:access|api|auth|private|secret|signing)_key)$|^key$",
    re.IGNORECASE,
)

_secrets: list[str] = []


def hide(settings: Iterable[str]) -> None:
    """From now on hide what is secret in the values of ``settings``: of addresses their passwords and keys, else all."""
    found = {secret for value in settings for secret in secrets_in(value)}
    _secrets[:] = sorted(found | set(_secrets), key=len, reverse=True)


def known_to(settings: Mapping[str, object]) -> set[str]:
    """Return what in ``settings``, or an environment, is secret by its name, and addresses, which may hold a secret."""
    return {
        value for name, value in _values(settings, "") if _CALLED.search(name) or "://" in value
    }


def _values(held: object, name: str) -> Iterable[tuple[str, str]]:
    if isinstance(held, str):
        yield name, held
    elif isinstance(held, Mapping):
        for key, value in held.items():
            yield from _values(value, str(key))
    elif isinstance(held, list | tuple):
        for value in held:
            yield from _values(value, name)


def secrets_in(value: str) -> set[str]:
    """Return what is secret in ``value``, as it may be written: in an address, out of it, in JSON, by Python."""
    if "://" in value:
        found = {password for _user, password in _PASSWORD.findall(value)}
        found |= set(_QUERY.findall(value))
    else:
        found = {value}
    plain = {read(one) for one in found for read in (unquote, unquote_plus)}
    found |= plain | {quote(one, safe=safe) for one in plain for safe in ("", "/")}
    found |= {repr(one)[1:-1] for one in found}
    found |= {json.dumps(one)[1:-1] for one in found}
    return {one for one in found if len(one) >= _LEAST}


def hidden(line: str) -> str:
    """Return ``line`` without them, and without the password of any address."""
    for secret in _secrets:
        if secret in line:
            line = line.replace(secret, HIDDEN)
    return _PASSWORD.sub(rf"\1:{HIDDEN}", line) if "://" in line else line


def hide_in_tracebacks() -> None:
    """Have what ends a process or a thread be told without them too: Python writes it past every log."""

    def of_process(
        kind: type[BaseException], error: BaseException, at: TracebackType | None
    ) -> None:
        sys.stderr.write(hidden("".join(traceback.format_exception(kind, error, at))))

    def of_thread(ended: threading.ExceptHookArgs) -> None:
        if ended.exc_value is not None:
            of_process(ended.exc_type, ended.exc_value, ended.exc_traceback)

    sys.excepthook, threading.excepthook = of_process, of_thread

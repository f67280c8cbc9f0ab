"""What of the settings is secret and must not stand in any log."""

import json
import re
from collections.abc import Iterable
from urllib.parse import unquote

#: What stands in its place.
HIDDEN = "[hidden]"
#: Fewer characters are a word that anything may say.
_LEAST = 8
_PASSWORD = re.compile(r"://[^:/?#@\s;]*:([^@/\s;]+)@")
_QUERY = re.compile(r"[?&][a-z_]*(?:key|secret|token|password)[a-z_]*=([^&;\s]+)", re.IGNORECASE)

_secrets: list[str] = []


def hide(settings: Iterable[str]) -> None:
    """From now on hide what is secret in the values of ``settings``: of addresses their passwords and keys, else all."""
    found = {secret for value in settings for secret in secrets_in(value)}
    _secrets[:] = sorted(found | set(_secrets), key=len, reverse=True)


def secrets_in(value: str) -> set[str]:
    """Return what is secret in ``value``, as it may be written: in an address, out of it, in JSON."""
    is_address = "://" in value
    found = {*_PASSWORD.findall(value), *_QUERY.findall(value)} if is_address else {value}
    found |= {unquote(one) for one in found}
    found |= {json.dumps(one)[1:-1] for one in found}
    return {one for one in found if len(one) >= _LEAST}


def hidden(line: str) -> str:
    """Return ``line`` without them."""
    for secret in _secrets:
        if secret in line:
            line = line.replace(secret, HIDDEN)
    return line

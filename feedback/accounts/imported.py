"""The people whose words are imported: each known by where they came from, never twice."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from feedback.accounts.models import GUEST, NAME_LENGTH, Origin, User
from feedback.accounts.own_data.erasing import known_again
from feedback.kernel import text, typed, visible
from feedback.kernel.prepared_insert import PreparedInsert

KEY_LENGTH = 200
#: Where customers come from, for whom the team speaks: the source of no file.
DESK = "desk"
#: What no import may be called: those who come from there were brought by no file.
NO_FILES = (DESK, GUEST)
_ADDRESS_LENGTH = 254


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote a row: ``key`` tells them from others of their source ("" for nobody in particular)."""

    key: str = ""
    name: str = ""
    email: str = ""


def origin_key(source: str, writer: str, row: str) -> str:
    """Return the key of a row's person: "source:writer", or "source#row" for one without a name."""
    key = f"{source}:{writer}" if writer else f"{source}#{row}"
    if len(key) <= KEY_LENGTH:
        return key
    digest = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
    return f"{key[:160]}~{digest}"


def bring_writers(writers: Mapping[str, Writer], *, now: dt.datetime) -> dict[str, User]:
    """Return the person of each origin key, making those who are not there yet.

    Who came without a name or an address gets the one that is known now. Somebody without a post is nobody's harm: an
    import that is cut off finds them when it goes on.
    """
    known = _by_key(writers)
    _complete(known, writers)
    password = make_password(None)  # marks an account that no password opens
    new = [
        User(
            origin=Origin.IMPORTED if writer.key else Origin.ANONYMOUS,
            origin_key=key,
            display_name=_shown(writer),
            imported_email=_address(writer),
            password=password,
            joined_at=now,
        )
        for key, writer in writers.items()
        if key not in known
    ]
    if new:
        rows = PreparedInsert(new)
        with transaction.atomic():
            rows.write(ignore_conflicts=True)
    return known if len(known) == len(writers) else _by_key(writers)


def _complete(known: Mapping[str, User], writers: Mapping[str, Writer]) -> None:
    fuller = []
    for key, person in known.items():
        if person.origin != Origin.IMPORTED or not person.is_active:
            continue
        name, email = _shown(writers[key]), _address(writers[key])
        if (name and not person.display_name) or (email and not person.imported_email):
            person.display_name = person.display_name or name
            person.imported_email = person.imported_email or email
            fuller.append(person)
    if fuller:
        User.objects.bulk_update(fuller, ["display_name", "imported_email"])


def _shown(writer: Writer) -> str:
    """Return what the writer is called, "" where that is an address, which nobody may see."""
    name = typed.shown(text.one_line(writer.name))
    return "" if mailable(name) else visible.cut(name, NAME_LENGTH)


def _address(writer: Writer) -> str:
    """Return the writer's address, "" where what stands there is none."""
    return mailable(writer.email) or mailable(writer.name)


def mailable(said: str) -> str:
    """Return ``said`` as an address in small letters, "" where it is none."""
    address = said.strip().lower()
    if "@" not in address or len(address) > _ADDRESS_LENGTH:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address


def _by_key(keys: Iterable[str]) -> dict[str, User]:
    # The index holds people with a key alone; said so, SQLite finds them by it.
    found = User.objects.filter(origin_key__in=list(keys)).exclude(origin_key="")
    found = found.only("pk", "origin", "origin_key", "display_name", "imported_email", "is_active")
    return {user.origin_key: user for user in found} | known_again(keys)

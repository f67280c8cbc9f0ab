"""PostgreSQL's own tools, which alone can back up and restore it well."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from django.conf import settings
from django.db import ProgrammingError, connection
from psycopg.pq import Conninfo

from feedback.ops.archive.manifest import CannotArchive

#: A process that was stopped has left the database within this.
_LEAVING_SECONDS = 3.0
#: How `pg_restore --list` tells that a dump makes an extension.
_EXTENSION = re.compile(r"\d+; \d+ \d+ EXTENSION - (\S+)")


def dump(target: Path) -> None:
    """Write the whole database to ``target``, consistent as of one moment."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def load(source: Path) -> None:
    """Make the database what ``source`` says, in one transaction: all of it or nothing.

    Extensions stay as they are: most may be made and removed by a superuser alone, and Heed's user is none. Raises `CannotArchive`
    where one is missing that this user may not make.
    """
    entries = _run("pg_restore", "--list", str(source)).splitlines()
    for extension in filter(None, map(_EXTENSION.match, entries)):
        _have(extension[1])
    listed = source.with_suffix(".list")
    listed.write_text("\n".join(one for one in entries if "EXTENSION" not in one.split()), "utf-8")
    name = settings.DATABASES["default"]["NAME"]
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")
    _run("pg_restore", *options, f"--use-list={listed}", f"--dbname={name}", str(source))


def _have(extension: str) -> None:
    with connection.cursor() as cursor:
        try:
            quoted = connection.ops.quote_name(extension)
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {quoted}")
        except ProgrammingError:
            raise CannotArchive(
                f"The database lacks the extension {extension}, and this user may not make it; have a superuser run CREATE EXTENSION "
                f"{extension} in it, and in template1 for a drill."
            ) from None


def refuse_beside_others() -> None:
    """Raise `CannotArchive` while others are on the database, with who they are: the site may run on another machine.

    A web process keeps its connection between two requests, and so does a worker; both are seen while nobody reads. Whoever
    was stopped a moment ago is still leaving, and is waited for.
    """
    given_up = time.monotonic() + _LEAVING_SECONDS
    while others := _others():
        if time.monotonic() > given_up:
            more = f" and {len(others) - 3} more" if len(others) > 3 else ""
            raise CannotArchive(
                f"The database is in use by {', '.join(others[:3])}{more}; stop every process of Heed first, on every machine."
            )
        time.sleep(0.1)


def _others() -> list[str]:
    """Return who else is on the database: program, address and process."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name, host(client_addr), pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' ORDER BY backend_start"
        )
        return [
            f"{name or 'a program without a name'} from {address or 'this machine'} (process {pid})"
            for name, address, pid in cursor.fetchall()
        ]


def script(source: Path) -> Path:
    """Write the rows of the dump ``source`` beside it, as the COPY statements that would load them."""
    target = source.with_suffix(".sql")
    _run("pg_restore", "--data-only", f"--file={target}", str(source))
    return target


def _run(tool: str, *options: str) -> str:
    """Run the ``tool`` and return what it wrote. Raises `CannotArchive`."""
    program = shutil.which(tool)
    if program is None:
        raise CannotArchive(
            f"{tool} is not on this machine; install PostgreSQL's client tools (apt install postgresql-client) "
            "in the server's version or newer."
        )
    result = subprocess.run(  # noqa: S603
        [program, *options], env=_environment(), capture_output=True, text=True, check=False
    )
    if "server version mismatch" in result.stderr:
        raise CannotArchive(
            f"{tool} on this machine is older than the server; install PostgreSQL's client tools in the server's "
            "version or newer."
        )
    if result.returncode != 0:
        lines = [line for line in result.stderr.splitlines() if "error:" in line] or [
            "no reason given"
        ]
        raise CannotArchive(f"{tool} failed: {lines[0].split('error:', 1)[-1].strip()}.")
    return result.stdout


def _environment() -> dict[str, str]:
    """Return the environment in which the tools reach the database as Heed does, by the same password, certificates and time.

    All that DATABASE_URL says and libpq knows has a variable, but keep-alives and a certificate key's own password.
    """
    database = settings.DATABASES["default"]
    said = {
        "host": database.get("HOST"),
        "port": database.get("PORT"),
        "user": database.get("USER"),
        "password": database.get("PASSWORD"),
        "dbname": database.get("NAME"),
        **database.get("OPTIONS", {}),
    }
    known = {
        one.keyword.decode(): one.envvar.decode() for one in Conninfo.get_defaults() if one.envvar
    }
    return os.environ | {known[key]: str(said[key]) for key in known if said.get(key)}

"""Several machines of one site, each with processes and a data folder of its own, behind a balancer, on one PostgreSQL."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings

from feedback.ops.preconditions import free_port
from tests.loopback.test_serve import Visitor
from tests.migrated import _copy_on_postgres
from tests.processes import ROOT, command, environment

#: Of each test process its own: a site of several machines, and one of a single machine.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
DATABASE, SITE = f"many_machines_{_WORKER}", f"loopback_site_{_WORKER}"
PASSWORD = "a long password"
SECONDS = 180.0
#: What is left to do of what was written.
LEFT = (
    "SELECT (SELECT COUNT(*) FROM forum_post p WHERE state = 'PUBLISHED' AND NOT EXISTS"
    " (SELECT 1 FROM grouping_vector v WHERE v.content_hash = p.content_hash)),"
    " (SELECT COUNT(*) FROM forum_post WHERE indexed_as = ''),"
    " (SELECT COUNT(*) FROM journal_dispatch WHERE state <> 'DONE')"
)
#: What all machines of a site have in common.
_SHARED = ("media", "imports", "static")
#: Whom a site begins with; the password of each is `PASSWORD`.
PEOPLE = """
import django; django.setup()
from django.core.management import call_command
from feedback.accounts.models import User
from feedback.forum.boards.operations import make_default_boards
from feedback.kernel import clock
make_default_boards(clock.now())
for name, role in (("ada", "ADMIN"), ("ann", "MEMBER"), ("bo", "MEMBER")):
    User.objects.create_user(
        email=f"{name}@example.org", password="a long password", display_name=name.title(), role=role
    )
call_command("collectstatic", interactive=False, verbosity=0)
"""


class Balancer(threading.Thread):
    """Hands each connection to the next of several ports; one that takes none is left out, as any balancer does."""

    def __init__(self, *ports: int) -> None:
        super().__init__(daemon=True)
        self._ports = list(ports)
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listening.getsockname()[1]
        self.start()

    def run(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                self._ports.append(self._ports.pop(0))
                threading.Thread(
                    target=self._hand_on, args=(client, list(self._ports)), daemon=True
                ).start()

    def _hand_on(self, client: socket.socket, ports: list[int]) -> None:
        for port in ports:
            with suppress(OSError):
                server = socket.create_connection(("127.0.0.1", port), timeout=2)
                server.settimeout(None)
                back = threading.Thread(target=_pump, args=(server, client), daemon=True)
                back.start()
                _pump(client, server)
                back.join()
                server.close()
                break
        client.close()

    def close(self) -> None:
        self._listening.close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while said := source.recv(65_536):
            target.sendall(said)
    for one, how in ((target, socket.SHUT_WR), (source, socket.SHUT_RD)):
        with suppress(OSError):
            one.shutdown(how)


@dataclass
class Machine:
    """One of the machines: where it listens and what runs on it."""

    folder: Path
    web_port: int
    encoder_port: int
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)


class Machines:
    """Two machines with a web, a worker and an encoder each; ``port`` is where people reach the site."""

    def __init__(
        self, folder: Path, *, count: int = 2, url: str = "", also: dict[str, str] | None = None
    ) -> None:
        self.url = url or url_of(DATABASE)
        shared = folder / "shared"
        self.machines = []
        for number in range(count):
            own = folder / f"machine-{number}"
            own.mkdir(parents=True)
            for name in _SHARED:
                (shared / name).mkdir(parents=True, exist_ok=True)
                (own / name).symlink_to(shared / name)
            self.machines.append(Machine(own, free_port(), free_port()))
        self._webs = Balancer(*(one.web_port for one in self.machines))
        self._encoders = Balancer(*(one.encoder_port for one in self.machines))
        self.port = self._webs.port
        self._environment = {
            "DATABASE_URL": self.url,
            "HEED_SECRET_KEY": "the same on every machine of the site",
            "HEED_ENCODER_URL": f"http://127.0.0.1:{self._encoders.port}",
            "HEED_WEB_WORKERS": "1",
            "HEED_BASE_URL": f"http://127.0.0.1:{self.port}",
            "MALLOC_ARENA_MAX": "2",
        } | (also or {})

    def environment_of(self, machine: Machine) -> dict[str, str]:
        return environment(machine.folder, **self._environment)

    def prepare(self) -> None:
        """Write what a site begins with."""
        first = self.environment_of(self.machines[0]) | {"DJANGO_SETTINGS_MODULE": "config.settings"}  # fmt: skip
        subprocess.run([*command()[:1], "-c", PEOPLE], env=first, cwd=ROOT, check=True, timeout=300)  # fmt: skip

    def manage(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Return what a command came to, on the first machine."""
        return subprocess.run(
            command(*words), env=self.environment_of(self.machines[0]), cwd=ROOT,
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    def start(self, number: int, *names: str) -> None:
        """Start these processes on a machine: "web", "worker", "encoder"; all of them where none is named."""
        machine = self.machines[number]
        words = {
            "web": ["web", "--port", str(machine.web_port)],
            "worker": ["worker"],
            "encoder": ["encoder", "--encoder", "hashing", "--host", "127.0.0.1", "--port", str(machine.encoder_port)],
        }  # fmt: skip
        for name in names or words:
            log = (machine.folder / f"{name}.log").open("ab")
            machine.running[name] = subprocess.Popen(
                command(*words[name]),
                env=self.environment_of(machine),
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            log.close()

    def kill(self, number: int, *names: str) -> None:
        """Kill these processes of a machine with all below them, as when its power fails; all where none is named."""
        running = self.machines[number].running
        for name in names or list(running):
            process = running.pop(name)
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def until_up(self) -> None:
        for machine in self.machines:
            if "web" in machine.running:
                until(lambda port=machine.web_port: _is_up(port), "the web answers", self.said)  # type: ignore[misc]

    def said(self) -> str:
        """What the processes wrote."""
        logs = [log for machine in self.machines for log in sorted(machine.folder.glob("*.log"))]
        return "\n".join(f"{log.parent.name}/{log.name}: {log.read_text()[-3000:]}" for log in logs)

    def visitor(self, name: str, *, on: int | None = None) -> Visitor:
        """Somebody signed in, over the balancer or on one machine."""
        visitor = Visitor(self.port if on is None else self.machines[on].web_port)
        visitor.sign_in(f"{name}@example.org", PASSWORD)
        return visitor

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return rows(query, DATABASE)

    def close(self) -> None:
        for number in range(len(self.machines)):
            self.kill(number)
        self._webs.close()
        self._encoders.close()


def make_database(name: str = DATABASE) -> None:
    """Make the database of a site, migrated and empty."""
    _copy_on_postgres(name)


def drop_database(name: str = DATABASE) -> None:
    """Drop it, whoever is on it."""
    rows(f'DROP DATABASE "{name}" WITH (FORCE)')


def url_of(database: str) -> str:
    """Return the address of ``database`` on the session's server."""
    return f"postgres://postgres@{quote(str(settings.POSTGRES_DIR), safe='')}/{database}"


def rows(query: str, database: str = "postgres") -> list[tuple[Any, ...]]:
    """Return what ``database`` answers; nothing for what returns no rows."""
    import psycopg

    where = {"host": str(settings.POSTGRES_DIR), "user": "postgres", "dbname": database}
    with psycopg.connect(autocommit=True, **where) as server:
        asked = server.execute(query)
        return asked.fetchall() if asked.description else []


def until(
    condition: Callable[[], object], what: str, said: Callable[[], str], seconds: float = SECONDS
) -> None:
    """Wait for ``condition``; fail with what the processes ``said``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"Not within {seconds:g} s: {what}\n{said()}"
        time.sleep(0.1)


def _is_up(port: int) -> bool:
    try:
        return Visitor(port).get("/readyz")[0] == 200
    except OSError:
        return False

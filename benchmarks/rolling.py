"""A site of an older version, upgraded while people are at it: `python -m benchmarks.rolling [--posts 100000]`.

Takes the code of then out of the history, has it make and serve a site on an embedded PostgreSQL: two webs behind one balancer, a
worker, an encoder. Readers and writers are at it all the time while today's `migrate` runs, and while each process is replaced by one
of today, one after the other. Prints for each phase what was asked, what failed and how long the longest waited, and looks whether
all that was acknowledged is there; the last line is all of it as JSON. Exit code 1 when the site answered an error, or somebody waited longer than a release may make them.
"""

import argparse
import http.client
import json
import os
import random
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.acting import Acting
from benchmarks.databases import database_of
from benchmarks.growth import SEEDS, grow
from benchmarks.load.people import send
from benchmarks.web import ROOT, say
from feedback.ops.preconditions import free_port

#: The first version whose schema migrations lead on from (`upgrading.THE_HOUSE`).
THEN = "25207db9"
READERS, WRITERS = 6, 2
#: Seconds between two requests of one person, and between two phases.
PAUSE, QUIET = 0.2, 10.0
#: Seconds that anybody may wait, and for a process to start or to end.
LONGEST, PATIENCE = 2.0, 120.0


class Balancer:
    """The webs that get requests now, and how many of them each is answering."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self._under_way: dict[int, int] = defaultdict(int)
        self._changed = threading.Condition()

    def ask(self, *words: Any) -> tuple[int, str]:
        with self._changed:
            port = min(self._ports, key=lambda one: (self._under_way[one], random.random()))
            self._under_way[port] += 1
        try:
            return send(port, *words)
        finally:
            with self._changed:
                self._under_way[port] -= 1
                self._changed.notify_all()

    def leave_out(self, port: int) -> None:
        """Send no more to ``port``, and wait until it has answered all that it has."""
        with self._changed:
            self._ports = [one for one in self._ports if one != port]
            self._changed.wait_for(lambda: not self._under_way[port], PATIENCE)

    def take_in(self, port: int) -> None:
        with self._changed:
            self._ports = [*self._ports, port]


class People(Acting):
    """Who reads and writes all the time; what each waited, and what went wrong, by phase."""

    def __init__(self, balancer: Balancer, cookies: list[str], posts: list[str]) -> None:
        self._balancer, self._cookies, self._posts = balancer, cookies, posts
        self.phase = ""
        self.waited: dict[str, list[float]] = defaultdict(list)
        self.wrong: dict[str, list[str]] = defaultdict(list)
        self.acknowledged: list[str] = []
        acts = [self._read] * READERS + [self._write] * WRITERS
        super().__init__([partial(act, number) for number, act in enumerate(acts)])

    def _read(self, number: int) -> None:
        rng = random.Random(number)
        cookie = self._cookies[number] if number % 2 else ""
        while not self.stopped.wait(PAUSE):
            post = rng.choice(self._posts)
            self._ask(rng.choice(["/", "/boards/wishes/", f"/posts/{post}/", "/asks/", "/roadmap/"]), cookie)  # fmt: skip

    def _write(self, number: int) -> None:
        rng, cookie = random.Random(number), self._cookies[number]
        while not self.stopped.wait(PAUSE):
            words = f"Said by {number} while it was upgraded: {rng.random()}"
            post = rng.choice(self._posts)
            if rng.random() < 0.5:
                self._ask(f"/posts/{post}/vote/", cookie, {"want": "1"})
            elif self._ask(f"/posts/{post}/comments/", cookie, {"body": words}):
                self.acknowledged.append(words)

    def _ask(self, path: str, cookie: str, fields: dict[str, str] | None = None) -> bool:
        phase, began = self.phase, time.monotonic()
        try:
            status, _ = self._balancer.ask(path, cookie, fields)
        except (OSError, http.client.HTTPException) as error:
            status, said = 0, type(error).__name__
        else:
            said = str(status)
        self.waited[phase].append(time.monotonic() - began)
        if status not in (200, 302):
            self.wrong[phase].append(f"{path.split('/')[1]}: {said}")
        return status == 302

    def tell(self) -> dict[str, float]:
        """Print each phase; return how many asked in all, how many got an error, and how long the longest waited, in seconds."""
        say("\n| phase | requests | p50 ms | longest ms | went wrong |\n|---|---|---|---|---|")
        for phase, times in self.waited.items():
            times = sorted(times)
            wrong = self.wrong[phase]
            say(f"| {phase} | {len(times):,} | {1000 * times[len(times) // 2]:.0f} | {1000 * times[-1]:.0f}"
                f" | {len(wrong)} {', '.join(sorted(set(wrong))[:4])} |")  # fmt: skip
        rolling = [
            time for phase, some in self.waited.items() if phase != "before" for time in some
        ]
        return {
            "requests": sum(map(len, self.waited.values())),
            "errors": sum(map(len, self.wrong.values())),
            "longest": max(rolling),
        }


class Version:
    """The code of then or of today, with a data folder of its own, as on a machine of its own."""

    def __init__(self, tree: Path, data: Path) -> None:
        data.mkdir(parents=True)
        self.tree, self.said = tree, data / "said.log"
        self.environment = dict(os.environ) | {"HEED_DATA_DIR": str(data)}

    def run(self, *words: str) -> str:
        """Run a step to its end; return what it printed."""
        done = subprocess.run(
            [sys.executable, *words], cwd=self.tree, env=self.environment, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return done.stdout

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start one process of the site."""
        with self.said.open("ab") as said:
            return subprocess.Popen(
                [sys.executable, "manage.py", *words],
                cwd=self.tree,
                env=self.environment,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def errors(self) -> Counter[str]:
        """Return what its processes said of errors, and how often."""
        lines = self.said.read_text(errors="replace").splitlines()
        return Counter(line[:160] for line in lines if re.match(r"[a-z_]+(\.\w+)+: ", line))


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop ``process`` as an operator does."""
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE)


def wait_for(port: int) -> None:
    """Wait until the web at ``port`` says that it is ready."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if send(port, "/readyz")[0] == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    raise SystemExit(f"The web at port {port} did not become ready.")


def upgrade(then: Version, today: Version, at: list[int], posts: int) -> dict[str, float]:
    """Make the site of then with its webs and its encoder ``at`` these ports, upgrade it; return what `People.tell` does, and how much is lost of what was acknowledged."""
    made = json.loads(
        then.run("-m", "benchmarks.large_site", "--posts", str(SEEDS), "--people", str(READERS + WRITERS))
    )  # fmt: skip
    grow(0, posts // SEEDS - 1)
    for version in (then, today):
        version.run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    *ports, encoder = at
    beside = [["worker"], ["encoder", "--port", str(encoder)]]
    _let_them_write()
    balancer = Balancer(ports)
    people = People(balancer, made["cookies"], _posts())
    webs = {one: then.start("web", "--port", str(one)) for one in ports}
    others = [then.start(*words) for words in beside]
    try:
        for one in ports:
            wait_for(one)
        people.phase = "before"
        people.start()
        time.sleep(QUIET)
        people.phase, began = "migrate", time.monotonic()
        today.run("manage.py", "migrate", "--verbosity", "0")
        say(f"migrated in {time.monotonic() - began:.0f} s")
        people.phase = "all of then on today's schema"
        time.sleep(QUIET)
        for number, one in enumerate(ports, 1):
            people.phase = f"web {number} is replaced"
            balancer.leave_out(one)
            end(webs[one])
            webs[one] = today.start("web", "--port", str(one))
            wait_for(one)
            balancer.take_in(one)
            people.phase = f"{number} of {len(ports)} webs of today"
            time.sleep(QUIET)
        people.phase = "worker and encoder are replaced"
        for process in others:
            end(process)
        others = [today.start(*words) for words in beside]
        time.sleep(QUIET)
    finally:
        people.stop()
        for process in [*webs.values(), *others]:
            end(process)
    came = people.tell()
    for version in (then, today):
        for line, times in version.errors().most_common(5):
            say(f"{version.tree.name} said {times} times: {line}")
    lost = len(people.acknowledged) - _found(people.acknowledged)
    say(f"of {len(people.acknowledged):,} comments that were acknowledged, {lost} are lost")
    return came | {"lost": lost}


def _let_them_write() -> None:
    """Members may say so much an hour; the team as much as it likes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET role = 'MODERATOR' WHERE email LIKE 'typist%'")


def _posts() -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT public_id FROM forum_post ORDER BY id LIMIT 500")
        return [public_id for (public_id,) in cursor.fetchall()]


def _found(bodies: list[str]) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM forum_comment WHERE body = ANY(%s)", [bodies])
        (found,) = cursor.fetchone()
        return int(found)


def main() -> int:
    """Upgrade and print; return 1 when somebody noticed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--then", default=THEN, help="The commit that holds the version of then.")
    options = parser.parse_args()
    ports = [free_port() for _ in range(3)]
    signal.signal(signal.SIGTERM, lambda *about: sys.exit(1))
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        folder.chmod(0o755)  # the database server is another user's
        (folder / "then").mkdir()
        code = subprocess.run(["git", "archive", options.then], cwd=ROOT, check=True, capture_output=True).stdout  # fmt: skip
        subprocess.run(["tar", "-x", "-C", str(folder / "then")], input=code, check=True)
        with database_of("postgres", folder) as database:
            os.environ |= {
                "HEED_DATA_DIR": f"{folder}/data",
                "HEED_SECRET_KEY": secrets.token_hex(20),
                "HEED_ENCODER": "hashing",
                "HEED_ENCODER_URL": f"http://127.0.0.1:{ports[-1]}",
                "DATABASE_URL": database,
                "DJANGO_SETTINGS_MODULE": "config.settings",
            }
            import django

            django.setup()
            then = Version(folder / "then", folder / "data-then")
            today = Version(ROOT, folder / "data-today")
            came = upgrade(then, today, ports, options.posts)
            django.db.connections.close_all()
    sys.stdout.write(json.dumps(came))
    return int(came["errors"] > 0 or came["lost"] > 0 or came["longest"] > LONGEST)


if __name__ == "__main__":
    sys.exit(main())

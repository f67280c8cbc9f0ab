"""How fast the pages are at 5,000 posts, and what the processes weigh: `make bench-web`.

Builds a site of the sample once, in a folder of its own: grouped by the real encoder, forty asks confirmed, a dozen on the
roadmap. Then starts the real server and has four readers with open connections ask for pages at the same time. `/livez`, a
view of one line behind the same server and middleware, stands beside them: times on another machine can be
compared by their ratio to it. Readers and server share the machine, so the server alone is faster than this.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BASE_PAGE = "/livez"
ASKS, ITEMS = 40, 12
FIRST_START_SECONDS = 1_800
READS_A_CONNECTION = 20


@dataclass
class Measured:
    """One page: ``rate`` in requests a second over all readers, times in milliseconds.

    ``work`` is what the web processes computed for one request: the one figure that does not depend on what else
    the machine was doing.
    """

    page: str
    rate: float
    p50: float
    p95: float
    worst: float
    kilobytes: float
    work: float = 0.0
    to_base: float = 0.0


class Site:
    """A served site in a folder of its own; ``database`` is the DATABASE_URL of another database than a file there."""

    def __init__(self, folder: Path, port: int, *, database: str = "") -> None:
        self.port = port
        self.folder = folder
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("HEED_", "DATABASE_URL", "EMAIL_URL"))
        } | {"HEED_DATA_DIR": str(folder)}
        if database:
            self.environment["DATABASE_URL"] = database
        self.said: list[str] = []
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> float:
        """Start `serve`; return the seconds until the web answered."""
        began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port)],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() - began > FIRST_START_SECONDS:
                raise SystemExit("The site did not start:\n" + "\n".join(self.said))
            time.sleep(0.05)
        return time.monotonic() - began

    def _listen(self) -> None:
        assert self.process is not None and self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())

    def _answers(self) -> bool:
        try:
            return (
                get(http.client.HTTPConnection("127.0.0.1", self.port, timeout=2), BASE_PAGE)[0]
                == 200
            )
        except OSError:
            return False

    def until_ready(self) -> None:
        """Wait until the sample is imported, read and grouped."""
        state = self.folder / "first-start.json"
        shown = 0
        while json.loads(state.read_text())["step"] != "done":
            if self.process is None or self.process.poll() is not None:
                raise SystemExit("The site ended:\n" + "\n".join(self.said))
            for line in self.said[shown:]:
                say("  " + line)
            shown = len(self.said)
            time.sleep(1)

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def furnish(self) -> dict[str, list[str]]:
        """Confirm asks and put some on the roadmap, once; return the pages to ask for by kind."""
        return inside(self.environment, "benchmarks.web", "--furnish")

    def seconds_of(self, part: str = "web") -> float:
        """Return the processor seconds that the processes of one part, "web" or "worker", have used."""
        assert self.process is not None
        ticks = 0
        for pid in below(self.process.pid):
            if f"manage.py\0{part}" in Path(f"/proc/{pid}/cmdline").read_text():
                words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                ticks += int(words[11]) + int(words[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    @contextmanager
    def held(self, part: str) -> Iterator[None]:
        """Have the processes of one part stand still: what the others need alone is measured meanwhile."""
        assert self.process is not None
        named = f"manage.py\0{part}"
        pids = [
            pid
            for pid in below(self.process.pid)
            if named in Path(f"/proc/{pid}/cmdline").read_text()
        ]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def memory(self) -> dict[str, dict[str, float]]:
        """Return resident and proportional megabytes of each part; the second counts shared pages once."""
        assert self.process is not None
        found: dict[str, dict[str, float]] = {}
        for pid in below(self.process.pid):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
            name = re.search(r"manage\.py (\w+)|(encoder)_process", words)
            part = (name.group(1) or name.group(2)) if name else "other"
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            entry = found.setdefault(part, {"processes": 0, "resident": 0.0, "proportional": 0.0})
            entry["processes"] += 1
            for key, line in (("resident", "Rss"), ("proportional", "Pss")):
                match = re.search(rf"^{line}:\s+(\d+) kB", rollup, re.MULTILINE)
                entry[key] += int(match.group(1)) / 1024 if match else 0
        return found


def children_of(pid: int) -> list[int]:
    """Return the processes that ``pid`` started."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def below(pid: int) -> list[int]:
    """Return ``pid`` and every process that came of it."""
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children_of(found[-1])
    return found


def furnish() -> dict[str, list[str]]:
    """Run inside the site: make asks public and items, and list pages."""
    import django

    django.setup()
    from feedback.accounts.models import User
    from feedback.asks.decisions.confirm import confirm_ask
    from feedback.asks.models import Ask
    from feedback.forum.models import Post
    from feedback.kernel import clock
    from feedback.roadmap import operations as roadmap
    from feedback.roadmap.models import Item

    now = clock.now()
    admin = User.objects.get(role="ADMIN")
    waiting = Ask.objects.filter(state=Ask.State.PROPOSED).order_by("-people_count", "id")
    for ask in waiting[: max(0, ASKS - Ask.objects.filter(state=Ask.State.PUBLIC).count())]:
        confirm_ask(ask=ask, actor=admin, now=now)
    public = list(Ask.objects.filter(state=Ask.State.PUBLIC).order_by("-people_count", "id"))
    if not public:
        raise SystemExit("The posts could not be grouped; `manage.py doctor` says why.")
    if not Item.objects.exists():
        for number, ask in enumerate(public[:ITEMS]):
            item = roadmap.adopt(ask=ask, actor=admin, now=now, title=ask.title)
            if number % 3 == 1:
                roadmap.move(item=item, stage="IN_PROGRESS", actor=admin, now=now)
            elif number % 3 == 2:
                roadmap.ship(item=item, version=f"1.{number // 6}", actor=admin, now=now)
    posts = Post.objects.order_by("-posted_at").values_list("public_id", flat=True)[:200]
    return {
        "home": ["/"],
        "board": ["/boards/reviews/", "/boards/reviews/?page=2", "/boards/reviews/?page=9"],
        "post": [f"/posts/{public_id}/" for public_id in posts],
        "ask": [f"/asks/{ask.public_id}/" for ask in public],
        "asks": ["/asks/"],
        "roadmap": ["/roadmap/"],
        "search": ["/search/?q=crash", "/search/?q=video+not+load", "/search/?q=subscription"],
        "base": [BASE_PAGE],
    }


def get(connection: http.client.HTTPConnection, path: str) -> tuple[int, int]:
    """Return status and length of one page; the connection stays open."""
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    return answer.status, len(answer.read())


def read_pages(
    port: int, paths: list[str], start: float, seconds: float, turn: int, out: Any
) -> None:
    """One reader: ask for ``paths`` in turn until the time is up; put milliseconds and bytes into ``out``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    get(connection, paths[0])
    times: list[float] = []
    size = 0
    time.sleep(max(0.0, start - time.time()))
    until = time.monotonic() + seconds
    while (began := time.monotonic()) < until:
        if len(times) % READS_A_CONNECTION == READS_A_CONNECTION - 1:
            connection.close()  # the next one may reach another web process, as it does with many people
        status, length = get(connection, paths[(turn + len(times)) % len(paths)])
        times.append((time.monotonic() - began) * 1000)
        size += length
        if status != 200:
            out.put(f"{paths[(turn + len(times) - 1) % len(paths)]} answered {status}")
            return
    out.put((times, size))


def measure(port: int, page: str, paths: list[str], *, readers: int, seconds: float) -> Measured:
    """Have ``readers`` processes read ``paths`` for ``seconds``."""
    out: Any = multiprocessing.Queue()
    start = time.time() + 0.5
    people = [
        multiprocessing.Process(
            target=read_pages, args=(port, paths, start, seconds, number * 13, out)
        )
        for number in range(readers)
    ]
    for person in people:
        person.start()
    answers = [out.get(timeout=seconds + 60) for _ in people]
    for person in people:
        person.join()
    wrong = [answer for answer in answers if isinstance(answer, str)]
    if wrong:
        raise SystemExit(wrong[0])
    times = sorted(time for answer in answers for time in answer[0])
    size = sum(answer[1] for answer in answers)
    return Measured(
        page=page,
        rate=round(len(times) / seconds, 1),
        p50=round(times[len(times) // 2], 1),
        p95=round(times[int(len(times) * 0.95)], 1),
        worst=round(times[-1], 1),
        kilobytes=round(size / len(times) / 1024, 1),
    )


def inside(environment: dict[str, str], *words: str, given: str = "") -> dict[str, Any]:
    """Return what ``python -m words…`` writes last, as JSON, in a process with the settings of the site; end where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "config.settings"} | environment,
        input=given,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed.")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def say(words: str) -> None:
    """Write to the terminal; standard output stays free for what a program reads."""
    sys.stderr.write(words + "\n")


def main() -> int:
    """Build, measure, report; return 1 when a page misses its goal."""
    parser = argparse.ArgumentParser(description="Measure the pages of a site of 5,000 posts.")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench-web")
    parser.add_argument("--port", type=int, default=8890)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=5.0, help="For each page.")
    parser.add_argument("--output", type=Path, help="Where the figures go as JSON.")
    parser.add_argument("--furnish", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.furnish:
        sys.stdout.write(json.dumps(furnish()))
        return 0
    site = Site(options.folder.absolute(), options.port)
    started = site.start()
    try:
        site.until_ready()
        pages = site.furnish()
        for paths in pages.values():  # so that nobody measures a cold start
            measure(options.port, "warm", paths, readers=options.readers, seconds=2)
        results = []
        for page, paths in pages.items():
            before = site.seconds_of()
            found = measure(
                options.port, page, paths, readers=options.readers, seconds=options.seconds
            )
            requests = found.rate * options.seconds + options.readers
            found.work = round((site.seconds_of() - before) * 1000 / requests, 1)
            results.append(found)
        memory = site.memory()
    finally:
        site.stop()
    base = results[-1]
    for result in results:
        result.to_base = round(result.p95 / base.p95, 1)
    report(results, memory, started)
    figures = {
        "readers": options.readers,
        "cores": os.cpu_count(),
        "seconds_until_up": round(started, 2),
        "pages": [asdict(result) for result in results],
        "memory_megabytes": memory,
    }
    output = options.output or options.folder / "web.json"
    output.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0 if all(result.p95 <= 100 for result in results) else 1


def report(results: list[Measured], memory: dict[str, dict[str, float]], started: float) -> None:
    """Print both tables."""
    print(
        f"{'page':<9}{'req/s':>8}{'p50 ms':>9}{'p95 ms':>9}{'worst':>9}{'KB':>8}{'work ms':>9}{'p95 / base':>12}"
    )
    for found in results:
        print(
            f"{found.page:<9}{found.rate:>8.0f}{found.p50:>9.1f}{found.p95:>9.1f}{found.worst:>9.1f}"
            f"{found.kilobytes:>8.1f}{found.work:>9.1f}{found.to_base:>12.1f}"
        )
    print()
    print(f"{'process':<9}{'count':>8}{'RSS MB':>9}{'PSS MB':>9}")
    for name, entry in memory.items():
        print(
            f"{name:<9}{entry['processes']:>8.0f}{entry['resident']:>9.0f}{entry['proportional']:>9.0f}"
        )
    needed = [entry for name, entry in memory.items() if name != "serve"]
    print(
        f"{'together':<17}{sum(entry['resident'] for entry in needed):>9.0f}"
        f"{sum(entry['proportional'] for entry in needed):>9.0f}   web, worker and encoder"
    )
    print(f"\nThe web answered {started:.1f} s after the start.")


if __name__ == "__main__":
    sys.exit(main())

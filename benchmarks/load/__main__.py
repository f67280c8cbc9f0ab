"""A site for an hour with everybody at it, then half an hour in which its processes are killed: `make bench-load`.

Makes a site by the real importer, starts `serve` (web, worker, encoder), and has readers, typists, voters, writers and a team member who
decides ask at a fixed rate; each request counts from its planned moment. Meanwhile a file is imported and a run groups the
site. Prints what each kind of request waited and how often it failed, the memory of each process, and on SQLite how long a transaction held
the writer. Then, with --kills, ends any process with SIGKILL at random moments under the same load, and looks afterwards whether all that was
answered with success is there and whether somebody was told twice. Exit code 1 when a promise is broken. Load, site and database share the machine.

    make bench-load ARGS="--posts 2000 --minutes 2 --kills 3 --kill-minutes 2 --database postgres"
"""

import argparse
import csv
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from http.client import HTTPException
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.boards import KEPT
from benchmarks.databases import database_of
from benchmarks.large_site import sample_texts
from benchmarks.load import kills as killing
from benchmarks.load.mailbox import Mailbox
from benchmarks.load.people import Asked, Everybody, send
from benchmarks.load.report import broken, held_of, memory_of, report, spread
from benchmarks.typing import wait_for_meaning
from benchmarks.web import ROOT, Site, inside, say

#: Seconds that what was asked for may take to be told and sent after the load.
_SETTLE = 300.0


class LoadedSite(Site):
    """A site that mails, and notes how long its writer is held."""

    def __init__(self, folder: Path, port: int, *, database: str, mail: str, encoder: str) -> None:
        super().__init__(folder / "data", port, database=database)
        self.held = folder / "held"
        for one in (self.folder, self.held):
            one.mkdir(parents=True, exist_ok=True)
        self.environment |= {
            "DJANGO_SETTINGS_MODULE": "benchmarks.load.settings",
            "HEED_BENCH_HELD": str(self.held),
            "EMAIL_URL": mail,
        } | ({"HEED_ENCODER": encoder} if encoder else {})

    def inside(self, *words: str, given: str = "") -> dict[str, Any]:
        """Return what a step came to, in a process with the settings of the site."""
        return inside(self.environment, "benchmarks.load.inside", *words, given=given)

    def settle(self) -> dict[str, Any]:
        """Wait until nothing waits to be told or sent; return what still does."""
        deadline = time.monotonic() + _SETTLE
        while True:
            left = self.inside("waiting")
            if not any(left.values()) or time.monotonic() > deadline:
                return left
            time.sleep(5)


def load(site: LoadedSite, made: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """Have everybody at it for the time given, with one import and one run in it."""
    seconds = options.minutes * 60
    everybody = Everybody(options.port, made, rate=options.rate)
    began, over = time.time(), threading.Event()
    memory: list[dict[str, float]] = []
    extra: dict[str, Any] = {}

    def look() -> None:
        while not over.wait(0.0 if not memory else min(60.0, seconds / 20)):
            memory.append(memory_of(site))

    def besides() -> None:
        time.sleep(seconds * 0.2)
        extra["import"] = import_some(site, max(200, options.posts // 50))
        time.sleep(max(0.0, began + seconds * 0.4 - time.time()))
        extra["run asked for"] = ask_for_run(options.port, made["manager"])

    others = [threading.Thread(target=act) for act in (besides, look)]
    for one in others:
        one.start()
    everybody.run(seconds)
    over.set()
    for one in others:
        one.join()
    return {
        "requests": by_kind(everybody.asked),
        "errors": sorted({one.error for one in everybody.asked if one.error})[:20],
        "error_count": sum(bool(one.error) for one in everybody.asked),
        "memory": memory,
        "held": held_of(site.held, since=began),
        "load": round(os.getloadavg()[0], 1),
        "claimed": vars(everybody.claimed),
        **extra,
    }


def ask_for_run(port: int, cookie: str) -> bool:
    """Have the machine group the site, as the team does on the desk; a busy site is asked again."""
    for _ in range(5):
        with suppress(OSError, HTTPException):
            if send(port, "/desk/regroup/", cookie, {})[0] == 302:
                return True
        time.sleep(2)
    return False


def kill(site: LoadedSite, made: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """End processes at random while everybody is at it."""
    everybody = Everybody(options.port, made, rate=options.rate, seed=2)
    acting = threading.Thread(target=everybody.run, args=(options.kill_minutes * 60,))
    acting.start()
    done = killing.kill_some(site, options.kills, options.kill_minutes * 60)
    acting.join()
    failed = [one for one in everybody.asked if one.error]
    unexcused = [one for one in failed if not killing.is_excused(one, done)]
    return {
        "requests": by_kind(everybody.asked),
        "killed": killing.told(done),
        "not back": sum(one.back is None for one in done),
        "error_count": len(failed),
        "share": round(100 * len(failed) / max(1, len(everybody.asked)), 2),
        "longest gap": round(killing.longest_gap(everybody.asked), 1),
        "unexcused": [f"{one.kind}: {one.error}" for one in unexcused][:20],
        "claimed": vars(everybody.claimed),
    }


def by_kind(asked: list[Asked]) -> dict[str, Any]:
    """Return what each kind of request waited, in milliseconds, and how often it failed."""
    found: dict[str, list[Asked]] = {}
    for one in asked:
        found.setdefault(one.kind, []).append(one)
    return {
        kind: spread([one.waited for one in some if not one.error])
        | {"errors": sum(bool(one.error) for one in some)}
        for kind, some in sorted(found.items())
    }


def import_some(site: LoadedSite, count: int) -> dict[str, Any]:
    """Import ``count`` rows by the command; return the seconds it took and whether it went well."""
    path, said = site.folder.parent / "more.csv", sample_texts()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "body", "author"])
        for number in range(count):
            words = f"{said[number % len(said)]} {number}"
            writer.writerow([f"more{number}", words, f"Newcomer {number % 50}"])
    began = time.monotonic()
    words = ["import_posts", str(path), "--board", "wishes", "--source", "more"]
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        say(done.stdout[-1000:] + done.stderr[-1000:])
    return {
        "rows": count,
        "seconds": round(time.monotonic() - began, 1),
        "went well": not done.returncode,
    }


def warm_up(site: LoadedSite, made: dict[str, Any]) -> None:
    """Wait until what somebody types is compared by meaning; the first answers of a busy machine may take long."""
    for _ in range(10):
        try:
            return wait_for_meaning(site, made | {"cookies": made["members"]})
        except (OSError, HTTPException) as slow:
            say(f"  {type(slow).__name__}; again")
    raise SystemExit("The site did not answer:\n" + "\n".join(site.said[-30:]))


def run(site: LoadedSite, mailbox: Mailbox, options: argparse.Namespace) -> dict[str, Any]:
    """Make the site, load it, kill it, look."""
    say(f"{options.database}: making a site of {options.posts:,} posts.")
    made = site.inside("build", str(options.posts))
    found: dict[str, Any] = {}
    site.start()
    try:
        warm_up(site, made)
        Everybody(options.port, made, rate=options.rate, seed=9).run(min(20, options.minutes * 60))
        say(f"{options.rate:g} requests a second for {options.minutes:g} minutes.")
        found["load"] = load(site, made, options)
        if options.kills:
            say(f"{options.kills} kills in {options.kill_minutes:g} minutes.")
            found["kills"] = kill(site, made, options)
        found["left"] = site.settle()
        claimed: dict[str, list[Any]] = {"posts": [], "comments": [], "votes": []}
        for part in (found["load"], found.get("kills", {"claimed": {}})):
            for name, some in part.pop("claimed").items():
                claimed[name] += some
        found["claimed"] = {name: len(some) for name, some in claimed.items()}
        found["after"] = site.inside("check", given=json.dumps(claimed))
    finally:
        site.stop()
    return found | {
        "mails": mailbox.arrived,
        "mailed twice": mailbox.told_twice(),
        "mails again under their Message-ID": mailbox.repeated(),
        "said": [line for line in site.said if "ERROR" in line or "Traceback" in line][:20],
    }


def main() -> int:
    """Run it and report; return 1 when a promise is broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=5.0, help="Requests a second, all together.")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--kill-minutes", type=float, default=30.0)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--encoder", default="", help="Another than the usual one.")
    parser.add_argument("--port", type=int, default=8899)
    parser.add_argument("--output", type=Path, help="Where the figures go as JSON.")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="heed-bench-load-"))
    folder.chmod(0o755)  # the database server is another user's
    mailbox = Mailbox()
    try:
        with database_of(options.database, folder) as database:
            site = LoadedSite(
                folder, options.port, database=database, mail=mailbox.url, encoder=options.encoder
            )
            found = run(site, mailbox, options)
    finally:
        mailbox.close()
        shutil.rmtree(folder, ignore_errors=True)
    found |= {
        "database": options.database,
        "posts": options.posts,
        "rate": options.rate,
        "minutes": options.minutes,
        "cores": os.cpu_count(),
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            **{name: version(name) for name in ("django", "granian", "torch")},
        },
    }
    found["broken"] = broken(found)
    output = options.output or KEPT / f"load-{options.database}.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.with_suffix(".log").write_text("\n".join(site.said), encoding="utf-8")
    output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    report(found)
    return 1 if found["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())

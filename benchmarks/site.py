"""A site at work: two products grouped by the real worker while members post; what they wait, and what people then see.

    python -m benchmarks.site [--posts 8000] [--database sqlite|postgres] [--folder DIR]

Builds a site (see `two_products`), starts `serve`, and has members post over HTTP at fixed times, whether or not an answer
came to the post before. Meanwhile the large product and the young one are grouped for the first time, and the large one
once more, when hardly anything has changed. Afterwards every post that was acknowledged must be there, and the asks that
people see are scored. Members, site and database share the machine. Prints, and writes var/benchmarks/site.json.
"""

import argparse
import http.client
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.boards import KEPT, data_folder
from benchmarks.databases import database_of
from benchmarks.goals import SITE, print_verdicts, verdicts
from benchmarks.two_products import LARGE, SMALL_ONE
from benchmarks.web import ROOT, Site, say

_CSRF = "a" * 32
#: Seconds that members post after the first runs and after the last.
QUIET = 10.0
LONGEST_RUN = 3_600.0
PHASES = ("quiet", "computing", "writing")


@dataclass(frozen=True)
class Sent:
    """A post on its way: when it was due and when the answer came (seconds since 1970), and its id or what went wrong."""

    due: float
    answered: float
    public_id: str = ""
    error: str = ""

    @property
    def waited(self) -> float:
        return (self.answered - self.due) * 1000


# --- Members --------------------------------------------------------------------------------------------------------
@dataclass
class Members:
    """People who post in turn, one every ``pause`` seconds, each on a connection of their own."""

    port: int
    made: dict[str, Any]
    pause: float
    sent: list[Sent] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        began = time.time()
        for number, cookie in enumerate(self.made["members"]):
            thread = threading.Thread(target=self._post, args=(number, cookie, began), daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Have them stop; the posts that are on their way are waited for."""
        self._stop.set()
        for thread in self._threads:
            thread.join(120)

    def _post(self, number: int, cookie: str, began: float) -> None:
        people, texts = len(self.made["members"]), self.made["texts"]
        turn = number
        while not self._stop.is_set():
            due = began + turn * self.pause
            if self._stop.wait(max(0.0, due - time.time())):
                return
            self.sent.append(self._send(cookie, f"{texts[turn % len(texts)]} {turn}", due))
            turn += people

    def _send(self, cookie: str, words: str, due: float) -> Sent:
        fields = {"board": self.made["board"], "kind": "SUGGESTION", "title": words[:80]}
        try:
            answer = ask(self.port, "/posts/new/", cookie, fields | {"body": words})
        except (OSError, http.client.HTTPException) as error:
            return Sent(due, time.time(), error=type(error).__name__)
        if answer.status != 302:
            return Sent(due, time.time(), error=str(answer.status))
        where = answer.headers["Location"].strip("/").rsplit("/", 1)[-1]
        return Sent(due, time.time(), public_id=where)


def ask(port: int, path: str, cookie: str, fields: dict[str, str]) -> http.client.HTTPResponse:
    """Send a form as the person of ``cookie``; return the answer, read to its end."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {
        "Cookie": f"{cookie}; heed_csrf={_CSRF}",
        "X-CSRFToken": _CSRF,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", path, urlencode(fields), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


# --- Watching -------------------------------------------------------------------------------------------------------
class Watch:
    """What the site is at, and when: read from `two_products watch`."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.seen: list[dict[str, Any]] = []
        self._process = inside(environment, "watch")
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.seen.append(json.loads(line))

    def until(self, is_so: Any, what: str) -> float:
        """Wait until ``is_so`` of what the site is at; return when it was."""
        deadline = time.time() + LONGEST_RUN
        while time.time() < deadline:
            if self.seen and is_so(self.seen[-1]):
                return float(self.seen[-1]["at"])
            if self._process.poll() is not None:
                raise SystemExit("The watch ended.")
            time.sleep(0.1)
        raise SystemExit(f"The site did not get there: {what}.")

    def stop(self) -> None:
        self._process.terminate()

    def spans(self) -> list[tuple[str, float, float]]:
        """Return (phase, from, to): "computing", and "writing" until the job that runs it has ended."""
        found: list[tuple[str, float, float]] = []
        phase = "quiet"
        for one, then in zip(self.seen, [*self.seen[1:], {"at": time.time()}], strict=True):
            stages = [stage for _, state, stage in one["runs"] if state == "RUNNING"]
            if stages:
                early = stages[0] in ("", "reading", "grouping")
                phase = "computing" if early else "writing"
            elif not one["working"]:
                phase = "quiet"
            found.append((phase, one["at"], then["at"]))
        return found


def done(product: str, count: int) -> Any:
    """Return the question whether ``count`` runs of ``product`` are done and nothing else goes on."""

    def is_so(seen: dict[str, Any]) -> bool:
        states = [state for slug, state, _ in seen["runs"] if slug == product]
        if "FAILED" in states:
            raise SystemExit(f"A run of {product} failed.")
        return states.count("DONE") >= count and set(states) == {"DONE"} and not seen["working"]

    return is_so


def inside(environment: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    """Start `two_products` with the settings of the site, and the folder of the data."""
    environment = environment | {"HEED_BENCH_DATA": str(data_folder())}
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.two_products", *words],
        cwd=ROOT,
        env=environment | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def told(environment: dict[str, str], *words: str, given: str = "") -> Any:
    """Return what `two_products` answers."""
    process = inside(environment, *words)
    answer, _ = process.communicate(given)
    if process.returncode:
        raise SystemExit(f"benchmarks.two_products {words[0]} failed.")
    return json.loads(answer)


# --- Measuring ------------------------------------------------------------------------------------------------------
def measure(site: Site, made: dict[str, Any], *, pause: float, again: bool) -> dict[str, Any]:
    """Group both products while members post, the large one once more if ``again``."""
    members = Members(site.port, made, pause)
    watch = Watch(site.environment)
    try:
        site.start()
        watch.until(lambda seen: seen["read"], "the young boards are read")
        members.start()
        for product in (SMALL_ONE, LARGE):  # the site may have begun by itself
            group(site.port, made["admin"], product)
        for product in (SMALL_ONE, LARGE):
            watch.until(done(product, 1), "a run")
        time.sleep(QUIET)
        if again:
            ran = len([one for one in watch.seen[-1]["runs"] if one[0] == LARGE])
            group(site.port, made["admin"], LARGE)
            watch.until(done(LARGE, ran + 1), "a run")
            time.sleep(QUIET)
        load = os.getloadavg()
        members.stop()
        memory = site.memory()
    finally:
        site.stop()
        watch.stop()
    spans = watch.spans()
    acknowledged = [one.public_id for one in members.sent if one.public_id]
    scored = told(site.environment, "score", given=json.dumps(acknowledged))
    return {
        "members": by_phase(members.sent, spans),
        "errors": sorted({one.error for one in members.sent if one.error}),
        "error_count": sum(bool(one.error) for one in members.sent),
        "lost_count": len(scored["lost"]),
        "phase_seconds": {
            name: round(sum(to - since for phase, since, to in spans if phase == name), 1)
            for name in PHASES
        },
        "scored": scored,
        "said": [line for line in site.said if "ERROR" in line or "locked" in line][:20],
        "memory_megabytes": memory,
        "load": [round(one, 2) for one in load],
    }


def group(port: int, admin: str, product: str) -> None:
    """Ask for a run of ``product`` on the desk."""
    for path, fields in (("/desk/product/", {"product": product}), ("/desk/regroup/", {})):
        answer = ask(port, path, admin, fields)
        if answer.status != 302:
            raise SystemExit(f"{path} answered {answer.status}.")


def by_phase(sent: list[Sent], spans: list[tuple[str, float, float]]) -> dict[str, Any]:
    """Return what members waited in milliseconds; a post counts for every phase that it was on its way in."""
    found = {"whole": spread([one.waited for one in sent])}
    for name in PHASES:
        mine = [(since, to) for phase, since, to in spans if phase == name]
        found[name] = spread(
            [
                one.waited
                for one in sent
                if any(one.due < to and one.answered >= since for since, to in mine)
            ]
        )
    return found


def spread(times: list[float]) -> dict[str, float]:
    times = sorted(times)
    if not times:
        return {"posts": 0}
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return {
        "posts": len(times),
        **{name: round(times[int(len(times) * share)], 1) for name, share in shares.items()},
        "max": round(times[-1], 1),
    }


def main() -> int:
    """Build, measure, report; return 1 when a goal's floor is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=8_000, help="Posts of the large product.")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--members", type=int, default=8)
    parser.add_argument("--pause", type=float, default=0.4, help="Seconds between two posts.")
    parser.add_argument("--once", action="store_true", help="Leave out the second run.")
    parser.add_argument("--port", type=int, default=8894)
    parser.add_argument("--folder", type=Path, help="Keep the site here, for looking into.")
    parser.add_argument("--output", type=Path, default=KEPT / "site.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="heed-site-") as temporary:
        folder = (options.folder or Path(temporary)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and options.folder:
            raise SystemExit(f"{folder} is not empty; name a new folder.")
        folder.chmod(0o755)  # the database server is another user's
        with database_of(options.database, folder) as database:
            site = Site(folder, options.port, database=database)
            say(f"Building two products, the large one with {options.posts:,} posts.")
            words = ("--posts", str(options.posts), "--members", str(options.members))
            made = told(site.environment, "build", *words)
            say("Members post; the site groups.")
            figures = measure(site, made, pause=options.pause, again=not options.once)
    figures |= {
        "database": options.database,
        "posts": options.posts,
        "pause_seconds": options.pause,
        "cores": os.cpu_count(),
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            **{name: version(name) for name in ("django", "numpy", "granian", "torch")},
        },
    }
    figures["verdicts"] = verdicts(figures, SITE)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    report(figures)
    return 1 if any(row["verdict"] == "NOT MET" for row in figures["verdicts"]) else 0


def report(figures: dict[str, Any]) -> None:
    """Print the tables."""
    print(
        f"{figures['posts']:,} posts on {figures['database']}, a post every {figures['pause_seconds']} s,"
        f" load {figures['load'][0]}"
    )
    print(f"{'a member waits, ms':<20}{'posts':>7}{'p50':>9}{'p95':>9}{'p99':>9}{'max':>9}")
    for name, row in figures["members"].items():
        cells = "".join(f"{row.get(key, ''):>9}" for key in ("p50", "p95", "p99", "max"))
        print(f"{name:<20}{row['posts']:>7}{cells}")
    print(f"errors {figures['error_count']} {figures['errors']}, lost {figures['lost_count']}")
    scored = figures["scored"]
    print(f"seconds by phase {figures['phase_seconds']}, of each run {scored['runs']}")
    print(f"asks {scored['asks']}, {scored['in_asks']:,} of {scored['posts']:,} posts in one")
    for name in ("young", "beside", "large"):
        print(f"{name:<8} {json.dumps(scored[name])}")
    for line in figures["said"]:
        print("  " + line)
    print_verdicts(figures["verdicts"])


if __name__ == "__main__":
    sys.exit(main())

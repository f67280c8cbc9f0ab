"""Ending any process of the site as a machine does, and noting how long it was away."""

import http.client
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.load.people import Asked, send
from benchmarks.web import Site, below, children_of, say

#: Answers in a row after which the site is there again, and seconds after which it is not coming back.
_ANSWERS, _LONGEST = 4, 240.0
#: Without these, pages are not answered.
_ANSWERING = ("serve", "web", "web child")
#: A request that was under way when the process ended, or that came as it began.
_AROUND = 1.0


@dataclass(frozen=True)
class Kill:
    """A process that was ended at ``at``; everything was there again at ``back`` (seconds since 1970), None where it never was."""

    name: str
    at: float
    back: float | None


def processes(site: Site) -> dict[int, str]:
    """Return the processes of the site by id: serve, web and its children, worker, encoder."""
    assert site.process is not None
    found: dict[int, str] = {}
    for pid in below(site.process.pid):
        with suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            found[pid] = _name(pid, words, site.process.pid, found)
    return {pid: name for pid, name in found.items() if name}


def _name(pid: int, words: str, serve: int, known: dict[int, str]) -> str:
    if pid == serve:
        return "serve"
    if pid in children_of(serve):
        names = {"manage.py web": "web", "manage.py worker": "worker", "encoder": "encoder"}
        return next((name for mark, name in names.items() if mark in words), "")
    is_of_web = any(name == "web" and pid in children_of(one) for one, name in known.items())
    return "web child" if is_of_web and "resource_tracker" not in words else ""


def kill_some(site: Site, count: int, seconds: float, *, seed: int = 2) -> list[Kill]:
    """End ``count`` processes at random moments of ``seconds``, one after the other; return them."""
    rng = random.Random(seed)
    moments = sorted(rng.uniform(0.05, 0.9) * seconds for _ in range(count))
    began, done = time.time(), list[Kill]()
    for moment in moments:
        time.sleep(max(0.0, began + moment - time.time()))
        there = processes(site)
        # By kind first: there are more web children than workers.
        name = rng.choice(sorted(set(there.values())))
        pid = rng.choice([one for one, kind in there.items() if kind == name])
        at = time.time()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        back = _until_back(site, name, pid, Counter(there.values()))
        done.append(Kill(name, at, back))
        took = f"back after {back - at:.1f} s" if back else "NOT BACK"
        say(f"  killed the {name} ({pid}): {took}")
    return done


def _until_back(site: Site, name: str, pid: int, before: Counter[str]) -> float | None:
    """Return when all processes that were there before are there again and answer; children of a dead `serve` answer for a moment more."""
    deadline, answers = time.time() + _LONGEST, 0
    if name == "serve":
        assert site.process is not None
        site.process.wait()
        site.start()  # as systemd does
    while time.time() < deadline:
        there = processes(site)
        is_there = pid not in there and not before - Counter(there.values())
        answers = answers + 1 if is_there and _answers(site.port) else 0
        if answers == _ANSWERS:
            return time.time()
        time.sleep(0.1)
    return None


def _answers(port: int) -> bool:
    with suppress(OSError, http.client.HTTPException):
        return send(port, "/readyz")[0] == 200
    return False


def is_excused(one: Asked, kills: Iterable[Kill]) -> bool:
    """Whether what went wrong did so while a process that answers pages was away."""
    return any(
        kill.name in _ANSWERING
        and one.due <= (kill.back or kill.at) + _AROUND
        and one.ended >= kill.at
        for kill in kills
    )


def longest_gap(asked: Iterable[Asked]) -> float:
    """Return the seconds from the first request that failed to the next that did not, the longest of all."""
    longest = 0.0
    since: float | None = None
    for one in sorted(asked, key=lambda one: one.due):
        if one.error:
            since = one.due if since is None else since
        elif since is not None:
            longest, since = max(longest, one.ended - since), None
    return longest


def told(kills: list[Kill]) -> dict[str, Any]:
    """Return by kind how many were killed and the seconds until all was there again, the longest."""
    found: dict[str, Any] = {}
    for kill in kills:
        entry = found.setdefault(kill.name, {"kills": 0, "longest away": 0.0})
        entry["kills"] += 1
        if kill.back is not None:
            entry["longest away"] = max(entry["longest away"], round(kill.back - kill.at, 1))
    return found

"""How long many people are told, how long who ships waits for it, and what gathering their mails weighs: `make bench-fan-out`.

Builds sites in a folder of their own, on SQLite and on PostgreSQL. On one, 20,000 people want each of three items: a manager
ships them over HTTP, then everybody is told in the inbox, and the desk's page of such an ask is read. On two others 10,000 and 100,000
people are told by mail too: their mails are queued and gathered, to the last, and the most memory of the one process stands beside the
other's. Nothing is sent: how fast that is depends on the mail server. `/livez` of the same server stands beside the pages.

    make bench-fan-out ARGS="--people 2000 --mails 1000 10000 --database postgres"
"""

import argparse
import datetime as dt
import http.client
import json
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.boards import KEPT
from benchmarks.databases import database_of
from benchmarks.importing import manage, resident_mb, spread
from benchmarks.site import ask as send_form
from benchmarks.web import BASE_PAGE, inside, say

#: Goals: seconds until everyone behind an item is told, milliseconds of a page, and how much more memory than the few the many may take.
TOLD_SECONDS, PAGE_MS, FLAT = 20.0, 300.0, 1.1
#: Items that are shipped, and pages that are read of each kind.
ITEMS, READS = 3, 9
#: People made by one statement.
BATCH = 2_000
START_SECONDS = 60.0


@dataclass(frozen=True)
class Figure:
    """One measure beside its goal; less is better."""

    name: str
    value: float
    goal: float

    @property
    def ratio(self) -> float:
        return round(self.value / self.goal, 2)


# --- Inside a site --------------------------------------------------------------------------------------------------
def build(people: int, items: int) -> dict[str, Any]:
    """Make a site with ``items`` on the roadmap that ``people`` want each; return a manager's cookie and the ids."""
    from django.core.management import call_command

    from benchmarks.large_site import cookie_of
    from feedback.accounts.models import Role, User
    from feedback.asks.models import Ask, Membership
    from feedback.forum.boards.operations import make_board
    from feedback.forum.posts.operations import publish_post
    from feedback.journal.operations import deliver_due
    from feedback.kernel import clock
    from feedback.roadmap.operations import adopt

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    now = clock.now()
    board = make_board(slug="wishes", name="Wishes", now=now)
    manager = User.objects.create_user("manager@example.org", role=Role.MANAGER)
    author = User.objects.create_user("author@example.org")
    posts, found = [], []
    for number in range(items):
        post = publish_post(
            board=board, author=author, title=f"Wish number {number}", body="", now=now
        )
        ask = Ask.objects.create(
            product=board.product,
            title=post.title,
            medoid=post,
            state=Ask.State.PUBLIC,
            created_at=now,
            confirmed_at=now,
            post_count=1,
            people_count=people,
            first_post_at=now,
            last_post_at=now,
        )
        Membership.objects.create(
            post=post, ask=ask, source="MACHINE", score=1.0, model_key="bench", placed_at=now
        )
        item = adopt(ask=ask, title=post.title, actor=manager, now=now)
        posts.append(post)
        found.append({"item": item.public_id, "ask": ask.public_id})
    while deliver_due(now=clock.now()):
        pass
    make_crowd(people - 1, posts)
    return {"cookie": cookie_of(manager), "made": found}


def make_crowd(count: int, posts: list[Any]) -> None:
    """Make ``count`` members who want all of ``posts``."""
    from feedback.accounts.models import User
    from feedback.forum.models import Vote
    from feedback.kernel import clock

    now = clock.now()
    for start in range(0, count, BATCH):
        some = User.objects.bulk_create(
            User(email=f"p{number}@example.org", display_name=f"P {number}")
            for number in range(start, min(start + BATCH, count))
        )
        for post in posts:
            Vote.objects.bulk_create(Vote(post=post, person=one, voted_at=now) for one in some)


def ship() -> dict[str, Any]:
    """Ship the items of a site, without anybody waiting."""
    from feedback.accounts.models import User
    from feedback.kernel import clock
    from feedback.roadmap import operations
    from feedback.roadmap.models import Item

    manager = User.objects.get(email="manager@example.org")
    for item in Item.objects.all():
        operations.ship(item=item, version="1.0", actor=manager, now=clock.now())
    return {}


def tell() -> dict[str, Any]:
    """Deliver the journal as the worker does; return seconds, notices and the most memory."""
    from feedback.journal.operations import deliver_due
    from feedback.kernel import clock
    from feedback.notify.models import Delivery, Notice

    before, began = Notice.objects.count(), time.perf_counter()
    while deliver_due(now=clock.now()):
        pass
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "notices": Notice.objects.count() - before,
        "queued": Delivery.objects.count(),
        "peak_mb": resident_mb(os.getpid()),
    }


def gather() -> dict[str, Any]:
    """Gather all mails that wait, as the worker does when they are due; return seconds, mails and the most memory."""
    from feedback.kernel import clock
    from feedback.notify.channels.email import queue, sending
    from feedback.notify.models import Mail

    due = clock.now() + queue.GATHERED + dt.timedelta(seconds=1)
    began = time.perf_counter()
    while sending.gather(now=due):
        pass
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "mails": Mail.objects.count(),
        "peak_mb": resident_mb(os.getpid()),
    }


STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    "build": build,
    "ship": ship,
    "tell": tell,
    "gather": gather,
}


def inside_site(environment: dict[str, str], *words: str) -> dict[str, Any]:
    """Return what a step came to."""
    return inside(environment, "benchmarks.fan_out", "--step", *words)


# --- Measuring ------------------------------------------------------------------------------------------------------
@contextmanager
def site_of(kind: str, **more: str) -> Iterator[dict[str, str]]:
    """Yield the environment of a new site on a database of ``kind``; it is removed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="heed-bench-fan-out-"))
    folder.chmod(0o755)  # the database server is another user's
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HEED_", "DATABASE_URL", "EMAIL_URL"))
    }
    try:
        with database_of(kind, folder) as database:
            site = {"DATABASE_URL": database} if database else {}
            yield environment | site | more | {"HEED_DATA_DIR": str(folder / "data")}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Web:
    """The web of a site alone: no worker tells anybody meanwhile."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.port = port
        self._process = manage(environment, "web", "--port", str(port))
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise SystemExit("The web did not start.")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            return self.read(BASE_PAGE) > 0
        except OSError:
            return False

    def read(self, path: str, cookie: str = "") -> float:
        """Read a page on a connection of its own; return the milliseconds until it was there."""
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return _in_time(path, began, answer.status, 200)

    def send(self, path: str, cookie: str, fields: dict[str, str]) -> float:
        """Send a form; return the milliseconds until the answer, which leads to a page."""
        began = time.perf_counter()
        return _in_time(path, began, send_form(self.port, path, cookie, fields).status, 302)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)


def _in_time(path: str, began: float, status: int, wanted: int) -> float:
    if status != wanted:
        raise SystemExit(f"{path} answered {status}.")
    return (time.perf_counter() - began) * 1000


def told_in_the_inbox(kind: str, people: int, port: int) -> dict[str, Any]:
    """Ship items that ``people`` want each, tell them, and read what the desk says of it."""
    with site_of(kind) as environment:
        made = inside_site(environment, "build", str(people), str(ITEMS))
        cookie = made["cookie"]
        web = Web(environment, port)
        try:
            for one in made["made"] * 2:  # so that nobody measures a cold start
                web.read(f"/roadmap/{one['item']}/", cookie)
            shipped = [
                web.send(
                    f"/roadmap/{one['item']}/ship/",
                    cookie,
                    {
                        "ship-version": "1.0",
                        "ship-release_date": str(dt.datetime.now(tz=dt.UTC).date()),
                    },
                )
                for one in made["made"]
            ]
            told = inside_site(environment, "tell")
            if told["notices"] < people * ITEMS:
                raise SystemExit(f"Only {told['notices']:,} notices were written.")
            desk = [web.read(f"/desk/asks/{made['made'][0]['ask']}/", cookie) for _ in range(READS)]
            told_pages = [
                web.read(f"/desk/asks/{made['made'][0]['ask']}/told/", cookie) for _ in range(READS)
            ]
            base = [web.read(BASE_PAGE) for _ in range(READS)]
        finally:
            web.stop()
    return {
        "seconds_an_item": round(told["seconds"] / ITEMS, 2),
        "ship_ms": spread(shipped),
        "desk_ask_ms": spread(desk),
        "desk_told_ms": spread(told_pages),
        "base_ms": spread(base),
    }


def told_by_mail(kind: str, people: int) -> dict[str, Any]:
    """Tell ``people`` of one item by mail too, and gather their mails."""
    with site_of(kind, EMAIL_URL="smtp://127.0.0.1:9") as environment:  # nobody is asked
        inside_site(environment, "build", str(people), "1")
        inside_site(environment, "ship")
        told = inside_site(environment, "tell")
        gathered = inside_site(environment, "gather")
    if gathered["mails"] < people:
        raise SystemExit(f"Only {gathered['mails']:,} mails were gathered.")
    return {
        "tell_seconds": round(told["seconds"], 1),
        "gather_seconds": round(gathered["seconds"], 1),
        "tell_peak_mb": round(told["peak_mb"], 1),
        "gather_peak_mb": round(gathered["peak_mb"], 1),
    }


def figures_of(inbox: dict[str, Any], few: dict[str, Any], many: dict[str, Any]) -> list[Figure]:
    """Return what was measured beside its goals."""
    return [
        Figure("everyone behind an item is told, s", inbox["seconds_an_item"], TOLD_SECONDS),
        Figure("who ships it waits, worst ms", inbox["ship_ms"]["worst"], PAGE_MS),
        Figure("the desk's page of its ask, p50 ms", inbox["desk_ask_ms"]["p50"], PAGE_MS),
        Figure("who was told of it, p50 ms", inbox["desk_told_ms"]["p50"], PAGE_MS),
        *(
            Figure(f"most memory while {what}, MB", many[name], round(few[name] * FLAT, 1))
            for name, what in (("tell_peak_mb", "mails are queued"), ("gather_peak_mb", "gathered"))
        ),
    ]


def report(kind: str, figures: list[Figure], found: dict[str, Any]) -> None:
    """Print the figures of one database."""
    print(f"\n{kind:<44}{'measured':>10}{'goal':>10}{'ratio':>8}")
    for one in figures:
        print(f"{one.name:<44}{one.value:>10.1f}{one.goal:>10.1f}{one.ratio:>8.2f}")
    base = found["inbox"]["base_ms"]["p50"]
    pages = ", ".join(
        f"{what} {found['inbox'][name]['p50'] / base:.0f}"
        for what, name in (("shipping", "ship_ms"), ("the desk's page", "desk_ask_ms"))
    )
    print(f"times as long as {BASE_PAGE} ({base:.1f} ms): {pages}")
    for count, row in found["mail"].items():
        print(f"{int(count):>9,} mails  {json.dumps(row)}")


def main() -> int:
    """Build, measure, report; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=20_000, help="Behind each item.")
    parser.add_argument("--mails", type=int, nargs=2, default=(10_000, 100_000))
    parser.add_argument("--database", choices=("sqlite", "postgres"), help="Only this one.")
    parser.add_argument("--port", type=int, default=8896)
    parser.add_argument("--output", type=Path, default=KEPT / "fan_out.json")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        return step(*options.step)
    kinds = [options.database] if options.database else ["sqlite", "postgres"]
    kept: dict[str, Any] = {
        "people": options.people,
        "load": round(os.getloadavg()[0], 2),
        "cores": os.cpu_count(),
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "django": version("django"),
        },
    }
    print(f"{options.people:,} people behind each of {ITEMS} items; load {kept['load']} before")
    missed = False
    for kind in kinds:
        say(f"{kind}: {options.people:,} people are told in the inbox.")
        found: dict[str, Any] = {"inbox": told_in_the_inbox(kind, options.people, options.port)}
        found["mail"] = {}
        for count in options.mails:
            say(f"{kind}: {count:,} people are told by mail too.")
            found["mail"][str(count)] = told_by_mail(kind, count)
        figures = figures_of(found["inbox"], *found["mail"].values())
        found["figures"] = [asdict(one) | {"ratio": one.ratio} for one in figures]
        kept[kind] = found
        report(kind, figures, found)
        missed = missed or any(one.ratio > 1 for one in figures)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 1 if missed else 0


def step(name: str, *numbers: str) -> int:
    """Do one step inside a site; what came of it goes to standard output as JSON."""
    import django

    django.setup()
    sys.stdout.write(json.dumps(STEPS[name](*map(int, numbers))))
    return 0


if __name__ == "__main__":
    sys.exit(main())

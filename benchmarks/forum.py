"""How long readers of a full forum wait while others write in it: `make bench-forum`.

Builds two sites on each database, a twentieth as large and full (100,000 posts, 500,000 votes, 300,000 comments, 50,000 people; one
post has 500 comments), and starts the real server. Eight readers, half of them signed in, open pages in turn with a second between
them, while two writers post, comment and vote: at first beside a worker that reads and groups all that is new to it ("busy"),
then with the worker held. Then the readers ask for the same pages without a pause, and the rate is counted.
Goals: the p95 of each page stays under 150 ms and under one and a half times that of the small site. `/livez` stands
beside the pages. Readers, writers, server and database share the machine.

    make bench-forum ARGS="--share 0.1 --database sqlite"
"""

import argparse
import datetime as dt
import http.client
import itertools
import json
import os
import platform
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.boards import KEPT
from benchmarks.databases import database_of
from benchmarks.site import ask as send_form
from benchmarks.typing import together, wait_for_meaning
from benchmarks.web import BASE_PAGE, Site, inside, say

POSTS, VOTES, COMMENTS, PEOPLE = 100_000, 500_000, 300_000, 50_000
#: How many comments the longest talk has, and how much smaller the small site is.
TALK, SMALLER = 500, 20
READERS, WRITERS, PAUSE = 8, 2, 1.0
#: Milliseconds that 95 of 100 may take, and how often the small site's.
GOAL, GROWTH = 150.0, 1.5
#: Below so many milliseconds a page is fast, however much faster it was on the small site.
UNNOTICED = 30.0


# --- Inside a site --------------------------------------------------------------------------------------------------
def build(share: float) -> dict[str, Any]:
    """Make a site; return cookies of readers and writers, and the pages by kind."""
    import django

    django.setup()
    from benchmarks.large_site import prepare
    from feedback.accounts.models import User
    from feedback.forum.counts import reconcile_counts
    from feedback.forum.models import Post
    from feedback.kernel import clock

    count = int(POSTS * share)
    made = prepare(count, READERS + WRITERS, "", "")
    now, rng = clock.now(), random.Random(5)
    User.objects.bulk_create(
        (
            User(email=f"m{number}@example.org", display_name=f"Member {number}", joined_at=now)
            for number in range(max(0, int(PEOPLE * share) - User.objects.count()))
        ),
        batch_size=1_000,
    )
    people = list(User.objects.order_by("pk").values_list("pk", flat=True))
    posts = list(Post.objects.order_by("pk").values_list("pk", flat=True))
    _vote(posts, people, int(VOTES * share), rng, now)
    _talk(posts, people, int(COMMENTS * share), rng, now)
    reconcile_counts()
    writers = [f"typist{READERS + number}@example.org" for number in range(WRITERS)]
    User.objects.filter(email__in=writers).update(role="MODERATOR")  # the team has no limits
    return made | {"pages": _pages(posts)}


def _some(posts: list[int], rng: random.Random) -> int:
    """Return a post, some much more often than others."""
    return posts[int(len(posts) * rng.random() ** 3)]


def _vote(posts: list[int], people: list[int], count: int, rng: random.Random, now: Any) -> None:
    from feedback.forum.models import Vote

    there, pairs = set(Vote.objects.values_list("post", "person")), set[tuple[int, int]]()
    while len(there) + len(pairs) < count:
        pair = (_some(posts, rng), rng.choice(people))
        if pair not in there:
            pairs.add(pair)
    votes = (Vote(post_id=post, person_id=person, voted_at=now) for post, person in pairs)
    while some := list(itertools.islice(votes, 5_000)):
        Vote.objects.bulk_create(some)


def _talk(posts: list[int], people: list[int], count: int, rng: random.Random, now: Any) -> None:
    from benchmarks.large_site import sample_texts
    from feedback.forum.models import Comment

    said = sample_texts()
    longest = itertools.repeat(posts[len(posts) // 2], TALK)
    where = itertools.chain(longest, (_some(posts, rng) for _ in range(count - TALK)))
    comments = (
        Comment(
            post_id=post,
            author_id=rng.choice(people),
            body=rng.choice(said)[:600],
            posted_at=now - dt.timedelta(minutes=3 * number),
        )
        for number, post in enumerate(where)
    )
    while some := list(itertools.islice(comments, 5_000)):
        Comment.objects.bulk_create(some)


def _pages(posts: list[int]) -> dict[str, list[str]]:
    """Return addresses by kind of page; they differ, so that no cache of pages answers for all."""
    from feedback.accounts.models import User
    from feedback.asks.models import Ask
    from feedback.forum.models import Post

    rng = random.Random(9)
    drawn = Post.objects.filter(pk__in=rng.sample(posts, 200)).order_by("pk")
    titles = [post.title for post in drawn]
    loudest = User.objects.filter(pk__in=drawn.values("author")).order_by("pk")
    public = Ask.objects.filter(state=Ask.State.PUBLIC).order_by("pk")[:200]
    queries = [" ".join(title.split()[:3]) for title in titles if len(title.split()) > 2]
    far = min(40, len(posts) // 25)  # as far as the small site goes
    longest = Post.objects.get(pk=posts[len(posts) // 2])
    return {
        "home": ["/", "/?sort=new", "/?sort=top", "/?sort=unanswered"],
        "board": [
            f"/boards/wishes/?{tail}"
            for tail in ("sort=hot", "sort=new", "sort=top", "page=2", f"page={far}")
        ],
        "post": [f"/posts/{post.public_id}/" for post in drawn],
        "long talk": [f"/posts/{longest.public_id}/"],
        "ask": [f"/asks/{one.public_id}/" for one in public],
        "search": [f"/search/?q={quote(one)}" for one in queries],
        "similar": ["/posts/similar/?" + urlencode({"title": one[:60]}) for one in titles],
        "profile": [f"/people/{one.public_id}/" for one in loudest],
        "feed": ["/feeds/posts/"],
        "bare": [BASE_PAGE],
    }


# --- People ---------------------------------------------------------------------------------------------------------
def read(
    port: int,
    cookie: str,
    pages: dict[str, list[str]],
    turn: int,
    until: float,
    pause: float,
    out: Any,
) -> None:
    """One reader: opens the kinds of pages in turn; puts milliseconds by kind into ``out``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    rng, times = random.Random(turn), {kind: [] for kind in pages}
    time.sleep(pause * turn / READERS)
    for kind in itertools.cycle(pages):
        if time.monotonic() > until:
            break
        path = rng.choice(pages[kind])
        headers = {"Accept-Encoding": "gzip", "Cookie": cookie}
        began = time.monotonic()
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            out.put(f"{path}: {type(error).__name__}")
            return
        times[kind].append((time.monotonic() - began) * 1000)
        if answer.status != 200:
            out.put(f"{path} answered {answer.status}")
            return
        time.sleep(pause)
    out.put(times)


def write(
    port: int,
    cookie: str,
    pages: dict[str, list[str]],
    turn: int,
    until: float,
    pause: float,
    out: Any,
) -> None:
    """One writer: posts, comments and votes in turn; puts milliseconds by kind into ``out``."""
    rng = random.Random(turn)
    times: dict[str, list[float]] = {"write a post": [], "write a comment": [], "vote": []}
    for number in itertools.count():
        if time.monotonic() > until:
            break
        post = rng.choice(pages["post"])
        words = f"Written {turn} {number} by {rng.random()}"
        path, fields = [
            (
                "/posts/new/",
                {"board": "wishes", "kind": "SUGGESTION", "title": words, "body": words},
            ),
            (f"{post}comments/", {"body": words}),
            (f"{post}vote/", {}),
        ][number % 3]
        began = time.monotonic()
        status = send_form(port, path, cookie, fields).status
        times[list(times)[number % 3]].append((time.monotonic() - began) * 1000)
        if status not in (200, 302):
            out.put(f"{path} answered {status}")
            return
        time.sleep(pause)
    out.put(times)


# --- Measuring ------------------------------------------------------------------------------------------------------
def measure(port: int, made: dict[str, Any], *, seconds: float, pause: float) -> dict[str, Any]:
    """Have readers and writers at it for ``seconds``; return figures by what they did."""
    until = time.monotonic() + seconds
    cookies = made["cookies"]
    people: list[tuple[Any, tuple[Any, ...]]] = []
    for turn in range(READERS):
        # All come from one address, whose visitors have limits; so has a member who searches without a pause.
        spared = {"similar"} if turn % 2 == 0 else set() if pause else {"search"}
        pages = {kind: paths for kind, paths in made["pages"].items() if kind not in spared}
        people.append((read, (port, cookies[turn] if turn % 2 else "", pages, turn, until, pause)))
    if pause:
        people += [
            (write, (port, cookies[READERS + turn], made["pages"], turn, until, pause))
            for turn in range(WRITERS)
        ]
    found: dict[str, list[float]] = {}
    for answer in together(people, seconds + 300):
        for kind, times in answer.items():
            found.setdefault(kind, []).extend(times)
    return {kind: _spread(times) for kind, times in found.items() if times}


def _spread(times: list[float]) -> dict[str, float]:
    times = sorted(times)
    return {
        "requests": len(times),
        "p50": round(times[len(times) // 2], 1),
        "p95": round(times[int(len(times) * 0.95)], 1),
        "worst": round(times[-1], 1),
    }


def run(kind: str, share: float, options: argparse.Namespace) -> dict[str, Any]:
    """Build a site of ``share`` of the full size on a database of ``kind`` and measure it."""
    folder = Path(tempfile.mkdtemp(prefix="heed-bench-forum-"))
    folder.chmod(0o755)  # the database server is another user's
    try:
        with database_of(kind, folder) as database:
            site = Site(folder / "data", options.port, database=database or "")
            say(f"{kind}: building a site of {int(POSTS * share):,} posts.")
            began = time.monotonic()
            made = inside(site.environment, "benchmarks.forum", "--build", str(share))
            say(f"  built in {time.monotonic() - began:.0f} s")
            try:
                site.start()
                wait_for_meaning(site, made)
                measure(options.port, made, seconds=15, pause=0.2)  # nobody measures a cold start
                busy = measure(options.port, made, seconds=options.seconds, pause=PAUSE)
                with site.held("worker"):
                    paused = measure(options.port, made, seconds=options.seconds, pause=PAUSE)
                    hurried = measure(options.port, made, seconds=options.seconds / 3, pause=0.0)
                memory = site.memory()
            finally:
                site.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    rate = sum(row["requests"] for row in hurried.values()) / (options.seconds / 3)
    return {
        "busy": busy,
        "paused": paused,
        "hurried": hurried,
        "rate": round(rate, 1),
        "memory": memory,
    }


def report(kind: str, small: dict[str, Any], full: dict[str, Any]) -> bool:
    """Print both sites beside each other; return whether a page misses a goal."""
    print(
        f"\n{kind:<18}{'small p95':>10}{'full p50':>10}{'full p95':>10}{'worst':>9}{'growth':>8}{'/ bare':>8}{'busy p95':>10}"
    )
    bare, missed = full["paused"]["bare"]["p95"], False
    for name, row in full["paused"].items():
        before = small["paused"][name]["p95"]
        growth = row["p95"] / before
        is_slow = row["p95"] > GOAL or (growth > GROWTH and row["p95"] > UNNOTICED)
        missed = missed or is_slow
        print(
            f"{name:<18}{before:>10.1f}{row['p50']:>10.1f}{row['p95']:>10.1f}{row['worst']:>9.1f}"
            f"{growth:>8.2f}{row['p95'] / bare:>8.1f}{full['busy'][name]['p95']:>10.1f}{'  missed' if is_slow else ''}"
        )
    print(f"requests a second without pause: {small['rate']} and {full['rate']}")
    return missed


def main() -> int:
    """Build, measure, report; return 1 when a page misses its goal."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--share", type=float, default=1.0, help="Of the full size.")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--database", choices=("sqlite", "postgres"), help="Only this one.")
    parser.add_argument("--port", type=int, default=8897)
    parser.add_argument("--output", type=Path, default=KEPT / "forum.json")
    parser.add_argument("--build", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        sys.stdout.write(json.dumps(build(options.build)))
        return 0
    kept: dict[str, Any] = {
        "load": round(os.getloadavg()[0], 2),
        "cores": os.cpu_count(),
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "django": version("django"),
        },
    }
    missed = False
    for kind in [options.database] if options.database else ["sqlite", "postgres"]:
        small = run(kind, options.share / SMALLER, options)
        full = run(kind, options.share, options)
        kept[kind] = {"small": small, "full": full}
        missed = report(kind, small, full) or missed
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

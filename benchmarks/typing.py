"""How long `similar` takes at 100,000 posts while four people type: `make bench-typing`.

Builds a site in a temporary folder (the posts and, if given, the vectors of a file; otherwise the sample repeated with
other words and its vectors with noise), starts the real server with its default settings, signs four people in and
has each type titles: after every few letters one request with words that nobody has sent before, then a short pause.
`/livez`, a view of one line behind the same server, is asked for in the same way beside it: times on another machine
can be compared by their ratio to it. Readers, server and encoder share the machine.
"""

import argparse
import csv
import gzip
import http.client
import json
import multiprocessing
import os
import platform
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.web import BASE_PAGE, ROOT, Site, below, get, say

PEOPLE = 4
GOAL = 60.0
#: Letters (Chinese: characters) that are typed between two requests, and the seconds that takes.
STEP, STEP_ZH = 9, 4
SAMPLE = ROOT / "feedback" / "ops" / "sample" / "youtube_reviews.csv"
NOISE = 0.35


# --- The site (run inside it) ------------------------------------------------------------------------------------
def texts_of(file: str, count: int) -> Iterator[str]:
    """Yield ``count`` texts: of a JSON Lines file with a field "text", or made from the sample."""
    if file:
        opened = gzip.open if file.endswith(".gz") else open
        with opened(file, "rt", encoding="utf-8") as lines:
            for _, line in zip(range(count), lines, strict=False):
                yield json.loads(line)["text"]
        return
    said = sample_texts()
    rng = random.Random(7)
    for number in range(count):
        one = said[number % len(said)]
        if number < len(said):
            yield one
        else:
            other = said[rng.randrange(len(said))].split()
            start = rng.randrange(max(1, len(other) - 8))
            yield f"{one} {' '.join(other[start : start + 8])} {number}"


def sample_texts() -> list[str]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    longest = max(rows[0], key=lambda name: sum(len(row[name] or "") for row in rows[:50]))
    return list(dict.fromkeys(row[longest] for row in rows if row[longest].strip()))


def prepare(count: int, file: str, vectors: str) -> dict[str, Any]:
    """Import posts, write their vectors, make asks and people; return session cookies and texts to type."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from feedback.forum.boards.operations import make_board
    from feedback.forum.models import Post
    from feedback.forum.posts.bulk import ImportRow, import_rows
    from feedback.kernel import clock

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    now = clock.now()
    board = make_board(slug="wishes", name="Wishes", now=now)
    rows = (
        ImportRow(external_id=f"b{number}", title="", body=one, author=f"Person {number % 5000}")
        for number, one in enumerate(texts_of(file, count))
    )
    import_rows(
        rows,
        board=board,
        source="bench",
        now=now,
        on_progress=lambda done: say(f"  {done.read:,} posts") if done.read % 20_000 == 0 else None,
    )
    write_vectors(Post, vectors=vectors, from_file=bool(file), now=now)
    make_asks(Post, now=now)
    (Path(settings.DATA_DIR) / "first-start.json").write_text(json.dumps({"step": "done"}))
    drawn = random.Random(3).sample(
        list(Post.objects.values_list("title", flat=True)[: 40 * PEOPLE * 50]), 40 * PEOPLE
    )
    return {"cookies": sign_in(now), "titles": drawn, "posts": Post.objects.count()}


def write_vectors(posts: Any, *, vectors: str, from_file: bool, now: Any) -> None:
    import numpy as np
    from django.conf import settings

    from feedback.encoder.models.registry import describe, load_encoder
    from feedback.grouping.models import EncoderModel, Vector
    from feedback.kernel import text

    described = describe(settings.ENCODER)
    encoder = None if vectors else load_encoder(settings.ENCODER)
    key = described.model_key if encoder is None else encoder.model_key
    views = described.views if encoder is None else encoder.views
    EncoderModel.objects.create(
        model_key=key,
        dims=views[-1].stop,
        views=[[view.name, view.start, view.stop] for view in views],
        is_current=True,
        first_seen_at=now,
    )
    rows = list(
        posts.objects.order_by("pk").values_list("content_hash", "external_id", "title", "body")
    )
    kept = np.load(vectors, mmap_mode="r") if vectors else None
    if kept is None:
        assert encoder is not None
        own = rows if from_file else rows[: len(sample_texts())]
        say(f"  embedding {len(own):,} texts")
        kept = encoder.encode([text.text_of(title, body) for _, _, title, body in own])
    rng = np.random.default_rng(0)
    seen: set[str] = set()
    waiting: list[Vector] = []
    for at, (content_hash, external_id, _, _) in enumerate(rows):
        if content_hash in seen:
            continue
        seen.add(content_hash)
        place = int(external_id[1:]) if vectors else at
        row = np.asarray(kept[place % len(kept)], dtype=np.float32)
        if place >= len(kept):
            row = row + rng.normal(0, NOISE / np.sqrt(len(row)), len(row)).astype(np.float32)
        waiting.append(Vector(content_hash=content_hash, model_key=key, embedding=row))
        if len(waiting) == 2_000:
            Vector.objects.bulk_create(waiting)
            waiting = []
    Vector.objects.bulk_create(waiting)


def make_asks(posts: Any, *, now: Any) -> None:
    """Put every post into an ask of ten, a fifth of them public, as after a run."""
    from feedback.asks.models import Ask, Membership, PlacementAttempt
    from feedback.forum.models import Product
    from feedback.grouping.models import EncoderModel, Run

    model = EncoderModel.objects.get(is_current=True)
    product = Product.objects.get()
    run = Run.objects.create(
        product=product,
        state="DONE",
        requested_at=now,
        started_at=now,
        finished_at=now,
        model_key=model.model_key,
        threshold=0.4,
    )
    rows = list(posts.objects.order_by("pk").values_list("pk", "title", "content_hash"))
    groups = [rows[start : start + 10] for start in range(0, len(rows), 10)]
    asks = Ask.objects.bulk_create(
        [
            Ask(
                product=product,
                title=group[0][1],
                medoid_id=group[0][0],
                state="PUBLIC" if at % 5 == 0 else "PROPOSED",
                created_at=now,
                post_count=len(group),
                people_count=len(group),
            )
            for at, group in enumerate(groups)
        ],
        batch_size=1_000,
    )
    Membership.objects.bulk_create(
        [
            Membership(
                post_id=pk, ask=ask, source="MACHINE", score=0.6, run_id=run.pk, placed_at=now
            )
            for ask, group in zip(asks, groups, strict=True)
            for pk, _, _ in group
        ],
        batch_size=1_000,
    )
    PlacementAttempt.objects.bulk_create(
        [
            PlacementAttempt(
                post_id=pk, content_hash=words, model_key=model.model_key, looked_at=now
            )
            for pk, _, words in rows
        ],
        batch_size=1_000,
    )


def sign_in(now: Any) -> list[str]:
    """Return the session cookies of people who are signed in."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from feedback.accounts.models import User

    store = import_module(settings.SESSION_ENGINE).SessionStore
    cookies = []
    for number in range(PEOPLE):
        person = User.objects.create_user(
            email=f"typist{number}@example.org", display_name=f"Typist {number}"
        )
        session = store()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return cookies


# --- Typing ---------------------------------------------------------------------------------------------------------
def typed(titles: list[str], turn: int) -> Iterator[str]:
    """Yield what stands in the field at each pause; no two people and no two rounds send the same."""
    said: list[str] = []
    for number, title in enumerate(titles[turn::PEOPLE]):
        said.append(title)
        other = titles[(turn + 7 * number + 3) % len(titles)]
        chinese = sum(ord(letter) > 0x3000 for letter in title) > len(title) / 5
        step = STEP_ZH if chinese else STEP
        whole = f"{title[:40]} {other[:40]}" if not chinese else f"{title[:16]}，{other[:16]}"
        for stop in range(step, len(whole) + 1, step):
            yield whole[:stop]


def type_titles(
    port: int, cookie: str, titles: list[str], turn: int, seconds: float, pause: float, out: Any
) -> None:
    """One person: a request after every few letters; puts milliseconds and how many knew the meaning into ``out``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times: list[float] = []
    by_words = shown = 0
    rng = random.Random(turn)
    time.sleep(pause * turn / PEOPLE)
    until = time.monotonic() + seconds
    for words in typed(titles, turn):
        if time.monotonic() > until:
            break
        began = time.monotonic()
        path = "/posts/similar/?" + urlencode({"title": words, "body": ""})
        connection.request("GET", path, headers={"Cookie": cookie, "HX-Request": "true"})
        answer = connection.getresponse()
        page = answer.read().decode()
        times.append((time.monotonic() - began) * 1000)
        if answer.status != 200:
            out.put(f"{path} answered {answer.status}")
            return
        by_words += "by words only" in page
        shown += "similar__row" in page
        time.sleep(pause * rng.uniform(0.6, 1.4))
    out.put((times, by_words, shown))


def read_base(port: int, seconds: float, pause: float, out: Any) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        get(connection, BASE_PAGE)
        times.append((time.monotonic() - began) * 1000)
        time.sleep(pause)
    out.put((times, 0, 0))


def together(people: list[tuple[Any, tuple[Any, ...]]], patience: float) -> list[Any]:
    """Have all of ``people`` act at once; return what each found."""
    out: Any = multiprocessing.Queue()
    acting = [multiprocessing.Process(target=act, args=(*args, out)) for act, args in people]
    for one in acting:
        one.start()
    answers = [out.get(timeout=patience) for _ in acting]
    for one in acting:
        one.join()
    wrong = [answer for answer in answers if isinstance(answer, str)]
    if wrong:
        raise SystemExit(wrong[0])
    return answers


def spread(times: list[float]) -> dict[str, float]:
    times = sorted(times)
    return {
        "requests": len(times),
        "p50": round(times[len(times) // 2], 1),
        "p95": round(times[int(len(times) * 0.95)], 1),
        "worst": round(times[-1], 1),
    }


def on_the_processor(site: Site) -> dict[str, tuple[float, float]]:
    """Return seconds that the web and the encoder computed, and that they waited for a processor to be free."""
    assert site.process is not None
    found = {"web": (0.0, 0.0), "encoder": (0.0, 0.0)}
    for pid in below(site.process.pid):
        words = Path(f"/proc/{pid}/cmdline").read_text()
        name = "web" if "manage.py\0web" in words else "encoder" if "encoder" in words else ""
        if name not in found:
            continue
        for task in Path(f"/proc/{pid}/task").iterdir():
            try:
                ran, waited, _ = (task / "schedstat").read_text().split()
            except OSError:
                continue
            before = found[name]
            found[name] = (before[0] + int(ran) / 1e9, before[1] + int(waited) / 1e9)
    return found


def measure(site: Site, made: dict[str, Any], *, seconds: float, pause: float) -> dict[str, Any]:
    """Type for ``seconds``; then ask for the bare page at the same rate."""
    people = [
        (type_titles, (site.port, cookie, made["titles"], turn, seconds, pause))
        for turn, cookie in enumerate(made["cookies"])
    ]
    together(
        [(act, (*args[:4], 4.0, pause)) for act, args in people], 120
    )  # nobody measures a cold start
    made["titles"] = made["titles"][::-1]
    people = [(act, (args[0], args[1], made["titles"], *args[3:])) for act, args in people]
    before = on_the_processor(site)
    answers = together(people, seconds + 120)
    times = [one for answer in answers for one in answer[0]]
    after = on_the_processor(site)
    spent = {
        name: [
            round((now - then) * 1e3 / len(times), 1)
            for now, then in zip(after[name], before[name], strict=True)
        ]
        for name in after
    }
    base = together([(read_base, (site.port, seconds / 3, pause))] * PEOPLE, seconds + 60)
    bare = spread([one for answer in base for one in answer[0]])
    found = spread(times)
    return {
        "similar": found
        | {
            "web_cpu_ms": spent["web"][0],
            "encoder_cpu_ms": spent["encoder"][0],
            "waited_for_a_processor_ms": round(spent["web"][1] + spent["encoder"][1], 1),
            "by_words_only": sum(answer[1] for answer in answers),
            "with_rows": sum(answer[2] for answer in answers),
        },
        "bare_page": bare,
        "p95_to_bare": round(found["p95"] / max(bare["p95"], 0.1), 1),
    }


def main() -> int:
    """Build, measure, report; return 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description="Measure `similar` while four people type.")
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--file", default="", help='JSON Lines with a field "text" (.gz).')
    parser.add_argument("--vectors", default="", help="Vectors of its lines (.npy).")
    parser.add_argument("--folder", type=Path, help="Keep the site here, and use it again.")
    parser.add_argument("--port", type=int, default=8893)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--pause", type=float, default=0.35, help="Seconds between two requests.")
    parser.add_argument("--output", type=Path, help="Where the figures go as JSON.")
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.prepare:
        made = prepare(options.posts, options.file, options.vectors)
        sys.stdout.write(json.dumps(made))
        return 0
    with tempfile.TemporaryDirectory(prefix="heed-typing-") as temporary:
        folder = (options.folder or Path(temporary)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        figures = run(options, folder)
    text = json.dumps(figures, indent=1)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")
    report(figures)
    return 0 if figures["similar"]["p95"] <= GOAL else 1


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    site = Site(folder, options.port)
    state = folder / "typing.json"
    if not state.exists():
        say(f"Building a site of {options.posts:,} posts.")
        arguments = ["--prepare", "--posts", str(options.posts), "--file", options.file]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.typing", *arguments, "--vectors", options.vectors],
            cwd=ROOT,
            env=site.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        state.write_text(done.stdout, encoding="utf-8")
    made = json.loads(state.read_text(encoding="utf-8"))
    try:
        site.start()
        wait_for_meaning(site, made)
        found = measure(site, made, seconds=options.seconds, pause=options.pause)
        memory = site.memory()
    finally:
        site.stop()
    return found | {
        "posts": made["posts"],
        "people": PEOPLE,
        "pause_seconds": options.pause,
        "memory_megabytes": memory,
        "load": os.getloadavg(),
        "cores": os.cpu_count(),
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            **{name: version(name) for name in ("django", "numpy", "granian", "torch")},
        },
    }


def wait_for_meaning(site: Site, made: dict[str, Any]) -> None:
    """Ask until every web process compares by meaning: encoder loaded, vectors read."""
    known = 0
    deadline = time.monotonic() + 180
    while known < 12:
        if time.monotonic() > deadline:
            raise SystemExit("`similar` never answered by meaning.")
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        path = "/posts/similar/?" + urlencode({"title": made["titles"][known % 9][:60]})
        connection.request("GET", path, headers={"Cookie": made["cookies"][0]})
        page = connection.getresponse().read().decode()
        connection.close()
        known = known + 1 if "by words only" not in page else 0
        time.sleep(0.1)


def report(figures: dict[str, Any]) -> None:
    """Print the table."""
    similar, bare = figures["similar"], figures["bare_page"]
    print(
        f"{figures['posts']:,} posts, {figures['people']} people typing, load {figures['load'][0]:.1f}"
    )
    print(f"{'':<12}{'requests':>10}{'p50 ms':>9}{'p95 ms':>9}{'worst':>9}")
    for name, row in (("similar", similar), ("bare page", bare)):
        print(f"{name:<12}{row['requests']:>10}{row['p50']:>9}{row['p95']:>9}{row['worst']:>9}")
    print(
        f"p95 is {figures['p95_to_bare']} times the bare page's; a request took {similar['web_cpu_ms']} ms of processor"
        f" in the web, {similar['encoder_cpu_ms']} in the encoder, and they waited"
        f" {similar['waited_for_a_processor_ms']} ms for one to be free;"
        f" {similar['by_words_only']} answers by words only, {similar['with_rows']} with rows."
    )
    for name, entry in figures["memory_megabytes"].items():
        print(
            f"{name:<9}{entry['processes']:>3.0f} processes {entry['resident']:>7.0f} MB RSS"
            f" {entry['proportional']:>7.0f} MB PSS"
        )


if __name__ == "__main__":
    sys.exit(main())

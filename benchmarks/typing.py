"""How long `similar` takes at 100,000 posts while four people type: `make bench-typing`.

Builds a site in a temporary folder (the posts and, if given, the vectors of a file; otherwise the sample repeated with
other words and its vectors with noise), starts the real server with its default settings, signs four people in and
has each type titles: after every few letters one request with words that nobody has sent before, then a short pause.
`/livez`, a view of one line behind the same server, is asked for in the same way beside it: times on another machine
can be compared by their ratio to it. Readers, server and encoder share the machine.
"""

import argparse
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
    options = parser.parse_args()
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
        arguments = ["--posts", str(options.posts), "--people", str(PEOPLE)]
        arguments += ["--file", options.file, "--vectors", options.vectors]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.large_site", *arguments],
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

"""What a raid comes to: `make bench-raid`.

Starts the real server with its encoder and worker on a new site. In ten minutes 200 accounts send 2,000 posts over HTTP: adverts in
several languages, with and without links, none of which repeats another. A quarter of the accounts waited two days first. Meanwhile 500
people post 500 real posts of the sample, half of them on their first day, and twenty members report an advert that they see in the
newest posts, as people do: one of them, a minute after it came. Then it is counted how many adverts stood and for how long, and
how many honest posts were held.

    make bench-raid ARGS="--minutes 2 --posts 400 --honest 100"
"""

import argparse
import http.client
import itertools
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.boards import KEPT
from benchmarks.learn_adverts import HELD_OUT
from benchmarks.site import ask as send_form
from benchmarks.site import database_of
from benchmarks.web import ROOT, Site, say

ACCOUNTS, REPORTERS, AGED = 200, 20, 4
#: Of a hundred honest posts so many may wait, and of a hundred adverts so many may be seen for more than a minute or two.
HONEST_HELD, STOOD = 1.0, 1.0
_REPORT_AFTER = 60.0
_LEAFED = 8

_OFFERS = {
    "en": ["casino bonus", "crypto signals", "replica watches", "cheap followers", "loan without papers", "diet pills", "game coins"],
    "zh": ["兼职日结", "代购名表", "刷粉刷赞", "低息贷款", "游戏金币", "减肥药", "博彩返利"],
}  # fmt: skip
_PRAISE = {
    "en": ["best of the year", "nobody loses", "only today", "my cousin got rich", "trusted by thousands", "no questions asked"],
    "zh": ["名额有限", "稳赚不赔", "今天最后一天", "朋友都赚了", "上万人信赖", "无需审核"],
}  # fmt: skip
_CALLS = {
    "en": ["write to me on telegram @{n}deal", "see https://shop{n}.example/now", "go to www.win{n}.top", "ask me how", "c o n t a c t me {n}"],
    "zh": ["加微信 vx{n}", "详情看 https://hao{n}.example", "私聊我", "加 Q {n}88", "扣扣 {n}66"],
}  # fmt: skip


def adverts(count: int, rng: random.Random) -> list[str]:
    """Return adverts of which none repeats another word for word: recombined phrases, and in turn some that people composed."""
    with HELD_OUT.open(encoding="utf-8") as file:
        composed = [one for one in map(json.loads, file) if one["advert"]]
    rng.shuffle(composed)
    return [
        recombined(number, rng)
        if number % 2
        else _worded_anew(composed[number // 2 % len(composed)]["body"], rng)
        for number in range(count)
    ]


def _worded_anew(said: str, rng: random.Random) -> str:
    """Return ``said`` with other numbers and its sentences in another order, as programs do."""
    sentences = re.split(r"(?<=[。！!?？\n])|(?<=\. )", said)
    rng.shuffle(sentences)
    return re.sub(r"\d", lambda _: str(rng.randrange(10)), " ".join(sentences))


def recombined(number: int, rng: random.Random) -> str:
    """Return an advert of phrases that are on sale everywhere."""
    tongue = rng.choice(["en", "zh"])
    offers = rng.sample(_OFFERS[tongue], 2)
    words = [f"{offers[0]}", rng.choice(_PRAISE[tongue]), offers[1]]
    words.append(rng.choice(_CALLS[tongue]).format(n=number))
    rng.shuffle(words)
    return (", " if tongue == "en" else "，").join(words)


# --- Inside the site ------------------------------------------------------------------------------------------------
def build(honest: int) -> dict[str, Any]:
    """Make a board and everybody; return their cookies and what honest people will say."""
    import csv
    import datetime as dt

    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.large_site import SAMPLE, cookie_of
    from feedback.accounts.models import User
    from feedback.forum.boards.operations import make_board
    from feedback.kernel import clock, visible

    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    now = clock.now()
    make_board(slug="wishes", name="Wishes", now=now)
    ages = {
        "raider": [48 if n % AGED == 0 else 1 for n in range(ACCOUNTS)],
        "honest": [2 if n % 2 else 24 * 90 for n in range(honest)],
        "reporter": [24 * 90] * REPORTERS,
    }
    made: dict[str, Any] = {}
    for kind, hours in ages.items():
        people = User.objects.bulk_create(
            User(
                email=f"{kind}{n}@example.org",
                display_name=f"{kind} {n}",
                joined_at=now - dt.timedelta(hours=age),
            )
            for n, age in enumerate(hours)
        )
        made[kind] = [cookie_of(one) for one in people]
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        # Every other one: from the rest it was learned what is no advert (`benchmarks.learn_adverts`).
        rows = list(csv.DictReader(file))[1::2]
    said = [row["body"] for row in rows if visible.shows(row["body"])]
    made["said"] = random.Random(1).sample(said, honest)
    return made


def states() -> dict[str, Any]:
    """Return the state of each post by its id."""
    import django

    django.setup()
    from feedback.forum.models import Post

    return dict(Post.objects.values_list("public_id", "state"))


# --- People ---------------------------------------------------------------------------------------------------------
@dataclass
class Play:
    """Who posts what and when, and what became of it: ids of what was taken, by raiders and by honest people."""

    port: int
    made: dict[str, Any]
    seconds: float
    adverts: dict[str, float] = field(default_factory=dict)
    honest: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    reported: int = 0

    def run(self, posts: int) -> None:
        """Have everybody at it at once until the time is up."""
        began = time.monotonic()
        rng = random.Random(4)
        said = adverts(posts, rng)
        doing = [
            threading.Thread(target=self._post, args=("raider", said, began, turn, 4))
            for turn in range(4)
        ]
        doing.append(
            threading.Thread(target=self._post, args=("honest", self.made["said"], began, 0, 1))
        )
        doing.append(threading.Thread(target=self._report, args=(began,)))
        for one in doing:
            one.start()
        for one in doing:
            one.join()

    def _post(self, kind: str, texts: list[str], began: float, turn: int, step: int) -> None:
        for number in range(turn, len(texts), step):
            time.sleep(max(0.0, began + self.seconds * number / len(texts) - time.monotonic()))
            cookie = self.made[kind][number % len(self.made[kind])]
            words = texts[number]
            fields = {"board": "wishes", "kind": "SUGGESTION", "title": words[:80], "body": words}
            answer = send_form(self.port, "/posts/new/", cookie, fields)
            key = f"{kind} {answer.status}"
            self.answers[key] = self.answers.get(key, 0) + 1
            if answer.status != 302:
                continue
            public_id = answer.headers["Location"].strip("/").rsplit("/", 1)[-1]
            if kind == "raider":
                self.adverts[public_id] = time.monotonic()
            else:
                self.honest.append(public_id)

    def _report(self, began: float) -> None:
        """Report adverts among the newest posts, each once, by one member after the other."""
        turns, done = itertools.cycle(self.made["reporter"]), set()
        while time.monotonic() < began + self.seconds + 2 * _REPORT_AFTER:
            for public_id in self.newest():
                came = self.adverts.get(public_id)
                if came is None or public_id in done or time.monotonic() - came < _REPORT_AFTER:
                    continue
                fields = {"reason": "SPAM"}
                status = send_form(
                    self.port, f"/report/post/{public_id}/", next(turns), fields
                ).status
                if status in (200, 302):
                    done.add(public_id)
                    self.reported += 1
            time.sleep(5)

    def newest(self) -> list[str]:
        """Return the ids of the newest posts, as far as somebody leafs who looks what came in."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        found: list[str] = []
        for number in range(1, _LEAFED + 1):
            connection.request("GET", f"/?sort=new&page={number}")
            page = connection.getresponse().read().decode()
            found += re.findall(r'href="/posts/([^/"]+)/"', page)
        connection.close()
        return list(dict.fromkeys(found))


def inside(site: Site, *words: str) -> dict[str, Any]:
    """Return what a step came to, in a process with the settings of the site."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.raid", "--step", *words],
        cwd=ROOT,
        env=site.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def watch(site: Site, play: Play, stop: Any) -> dict[str, float]:
    """Note until when each advert was among what everybody sees; return the seconds by id."""
    shown: dict[str, float] = {}
    while not stop.is_set():
        now = time.monotonic()
        for public_id, state in inside(site, "states").items():
            if public_id in play.adverts and state == "PUBLISHED":
                shown[public_id] = now - play.adverts[public_id]
        stop.wait(10)
    return shown


def main() -> int:
    """Play it, count, report; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=2_000)
    parser.add_argument("--honest", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--port", type=int, default=8898)
    parser.add_argument("--output", type=Path, default=KEPT / "raid.json")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        name, *numbers = options.step
        found = build(int(numbers[0])) if name == "build" else states()
        sys.stdout.write(json.dumps(found))
        return 0
    folder = Path(tempfile.mkdtemp(prefix="heed-bench-raid-"))
    folder.chmod(0o755)  # the database server is another user's
    try:
        with database_of(options.database, folder) as database:
            kept = played(Site(folder / "data", options.port, database=database or ""), options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return report(kept)


def played(site: Site, options: argparse.Namespace) -> dict[str, Any]:
    """Play the raid on ``site``; return the counts."""
    (site.folder).mkdir(parents=True, exist_ok=True)
    made = inside(site, "build", str(options.honest))
    (site.folder / "first-start.json").write_text(json.dumps({"step": "done"}))
    site.start()
    play = Play(options.port, made, options.minutes * 60)
    stop, seen = threading.Event(), {}
    watching = threading.Thread(target=lambda: seen.update(watch(site, play, stop)))
    watching.start()
    try:
        say(
            f"{options.posts:,} adverts and {options.honest} honest posts in {options.minutes} minutes"
        )
        play.run(options.posts)
    finally:
        stop.set()
        watching.join()
        after = inside(site, "states")
        site.stop()
    taken = [after.get(one) for one in play.adverts]
    return {
        "adverts": options.posts,
        "answers": play.answers,
        "taken": len(taken),
        "held at once or later": sum(state == "HELD" for state in taken),
        "stand": sum(state == "PUBLISHED" for state in taken),
        "were seen": len(seen),
        "seen seconds": sorted(round(seconds) for seconds in seen.values()),
        "reported": play.reported,
        "honest": len(play.honest),
        "honest held": sum(after.get(one) == "HELD" for one in play.honest),
    }


def report(kept: dict[str, Any]) -> int:
    """Print the counts; return 1 when a goal is missed."""
    for name, value in kept.items():
        print(f"{name:<24}{value}")
    stood = 100 * kept["stand"] / kept["adverts"]
    held = 100 * kept["honest held"] / max(1, kept["honest"])
    print(
        f"{stood:.1f} % of the adverts stand (goal {STOOD}); {held:.1f} % of honest posts wait (goal {HONEST_HELD})"
    )
    return int(stood > STOOD or held > HONEST_HELD)


if __name__ == "__main__":
    sys.exit(main())

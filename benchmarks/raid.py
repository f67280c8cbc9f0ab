"""What a raid comes to: `make bench-raid`.

Starts the real server with its encoder and worker on a new site. In ten minutes 200 accounts send 2,000 posts over HTTP: adverts in
several languages, with and without links, none of which repeats another. A quarter of the accounts waited two days first. Meanwhile 500
people post 500 real posts of the sample, half of them on their first day, and members read the newest posts, as people do: two
looks a second, most of them at the first page. Of the adverts that one of them sees they report a small share, the rest they pass by. So
it is measured what the rule comes to by which one report is enough while adverts come: how often an advert was looked at before it
went, how long that took, and whether the first report ended it. Then it is counted how many adverts stood and for how long, and
how many honest posts were held.

    make bench-raid ARGS="--minutes 2 --posts 400 --honest 100"
    make bench-raid ARGS="--share 0.005"
"""

import argparse
import http.client
import itertools
import json
import random
import re
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.boards import KEPT
from benchmarks.databases import database_of
from benchmarks.learn_adverts import HELD_OUT
from benchmarks.site import ask as send_form
from benchmarks.web import Site, inside, say

ACCOUNTS, READERS, AGED = 200, 200, 4
#: Of a hundred honest posts so many may wait, and of a hundred adverts so many may be seen for more than a minute or two.
HONEST_HELD, STOOD = 1.0, 1.0
#: Of a hundred adverts that a reader sees they report so many; looks a second, by so many at once.
SHARE, LOOKS, AT_ONCE = 0.02, 2.0, 2
#: Of ten looks so many are at the first page of the newest, the second, the third; and for so long it is read on after the raid.
_PAGES, _READ_ON = (7, 2, 1), 120.0
#: Every so many readers joined today: what they report is looked at by the team alone.
_NEW_READERS = 10

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
        else worded_anew(composed[number // 2 % len(composed)]["body"], rng)
        for number in range(count)
    ]


def worded_anew(said: str, rng: random.Random) -> str:
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
        "reader": [1 if n % _NEW_READERS == 0 else 24 * 90 for n in range(READERS)],
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
class Read:
    """What readers did: looks at the newest posts, adverts seen on them by id, and what became of each that was reported."""

    looks: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    #: Seconds from its coming to its first report, and how often it had been seen by then.
    first: dict[str, tuple[float, int]] = field(default_factory=dict)
    #: Reports that were taken, by advert, and the adverts that were gone right after their first, or a later one.
    reports: dict[str, int] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    lock: Any = field(default_factory=threading.Lock)


@dataclass
class Play:
    """Who posts what and when, and what became of it: ids of what was taken, by raiders and by honest people."""

    port: int
    made: dict[str, Any]
    seconds: float
    adverts: dict[str, float] = field(default_factory=dict)
    honest: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    share: float = SHARE
    read: Read = field(default_factory=Read)

    def run(self, posts: int) -> None:
        """Have everybody at it at once until the time is up; readers read on for a while."""
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
        doing += [
            threading.Thread(target=self._look, args=(began, turn)) for turn in range(AT_ONCE)
        ]
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

    def _look(self, began: float, turn: int) -> None:
        """Look at the newest posts as one reader after the other, and report few of the adverts that stand there."""
        rng = random.Random(turn)
        readers = itertools.cycle(self.made["reader"][turn::AT_ONCE])
        pause = AT_ONCE / LOOKS
        for number in itertools.count():
            time.sleep(max(0.0, began + pause * number - time.monotonic()))
            if time.monotonic() > began + self.seconds + _READ_ON:
                return
            reader = next(readers)
            page = rng.choices(range(1, len(_PAGES) + 1), weights=_PAGES)[0]
            for public_id in self._adverts_on(page, reader):
                if rng.random() < self.share:
                    self._report(public_id, reader)

    def _adverts_on(self, page: int, reader: str) -> list[str]:
        """Return the adverts on a page of the newest posts as ``reader`` sees it, and note that they were seen."""
        status, content = self._get(f"/?sort=new&page={page}", reader)
        shown = dict.fromkeys(re.findall(r'href="/posts/([^/"]+)/"', content))
        found = [one for one in shown if one in self.adverts]
        with self.read.lock:
            self.read.looks += status == 200
            for one in found:
                self.read.seen[one] = self.read.seen.get(one, 0) + 1
        return found

    def _report(self, public_id: str, reader: str) -> None:
        """Report an advert as ``reader``, and look as a visitor whether it is still there."""
        at = time.monotonic()
        path = f"/report/post/{public_id}/"
        status = send_form(self.port, path, reader, {"reason": "SPAM"}).status
        is_gone = self._get(f"/posts/{public_id}/")[0] == 404
        with self.read.lock:
            if status not in (200, 302):
                self.read.refused += status != 404  # 404: somebody else's report was faster
                return
            self.read.first.setdefault(
                public_id, (at - self.adverts[public_id], self.read.seen[public_id])
            )
            self.read.reports[public_id] = self.read.reports.get(public_id, 0) + 1
            if is_gone:
                self.read.gone.setdefault(public_id, self.read.reports[public_id])

    def _get(self, path: str, cookie: str = "") -> tuple[int, str]:
        """Return the status and the page at ``path`` as the person of ``cookie`` gets it, a visitor without one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        content = answer.read().decode(errors="replace")
        connection.close()
        return answer.status, content


def step(site: Site, *words: str) -> dict[str, Any]:
    """Return what a step came to."""
    return inside(site.environment, "benchmarks.raid", "--step", *words)


def watch(site: Site, play: Play, stop: Any) -> dict[str, float]:
    """Note until when each advert was among what everybody sees; return the seconds by id."""
    shown: dict[str, float] = {}
    while not stop.is_set():
        now = time.monotonic()
        for public_id, state in step(site, "states").items():
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
    parser.add_argument(
        "--share", type=float, default=SHARE, help="of the adverts that a reader sees, reported"
    )
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
    made = step(site, "build", str(options.honest))
    (site.folder / "first-start.json").write_text(json.dumps({"step": "done"}))
    site.start()
    play = Play(options.port, made, options.minutes * 60, share=options.share)
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
        after = step(site, "states")
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
        **told(play.read),
        "honest": len(play.honest),
        "honest held": sum(after.get(one) == "HELD" for one in play.honest),
    }


def told(read: Read) -> dict[str, Any]:
    """Return what reports came to: how many adverts were seen by readers, reported, and gone by the first report."""
    waits = sorted(round(seconds) for seconds, _seen in read.first.values())
    looks = sorted(seen for _seconds, seen in read.first.values())
    return {
        "looks": read.looks,
        "seen by readers": len(read.seen),
        "reported": len(read.reports),
        "reports": sum(read.reports.values()),
        "reports refused": read.refused,
        "gone by one report": sum(number == 1 for number in read.gone.values()),
        "gone by a later one": sum(number > 1 for number in read.gone.values()),
        "seconds to a report": _spread(waits),
        "looks before a report": _spread(looks),
        "looks at one": _spread(sorted(read.seen.values())),
    }


def _spread(found: list[int]) -> dict[str, int]:
    """Return the middle, the tenth from the top and the most of sorted numbers; {} of none."""
    if not found:
        return {}
    ninth = found[min(len(found) - 1, len(found) * 9 // 10)]
    return {"half": found[len(found) // 2], "nine in ten": ninth, "most": found[-1]}


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

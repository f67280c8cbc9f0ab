"""A site of two products, one young and bilingual beside a large old one: built, watched and scored from inside.

Run as `python -m benchmarks.two_products build|watch|score` with the settings of a data folder; `benchmarks.site` does.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.boards import Board, data_file, load, say
from benchmarks.large_site import NOISE, cookie_of
from benchmarks.parts import SMALL, fragmentation, wishes
from feedback.encoder.models.registry import DEFAULT

#: The labelled board of the large product, and the reviews that fill it up.
FORUM, REVIEWS = "forum_en.jsonl", "youtube_reviews.csv"
#: The young bilingual boards: one is a product of its own, one stands in the large product.
YOUNG, BESIDE = (next(path for path in SMALL if path.stem == name) for name in ("notes", "food"))
LARGE, SMALL_ONE = "video", "notes"


# --- Building -------------------------------------------------------------------------------------------------------
def build(count: int, members: int) -> dict[str, Any]:
    """Make both products; return cookies of members and of an administrator, and the boards members post on.

    The large product has ``count`` posts with their vectors: a labelled forum, and reviews, repeated with other words and
    noise on the vectors until they are enough. The posts of the young boards are left for the site to read.
    """
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from feedback.accounts.models import Role, User
    from feedback.forum.boards.operations import make_board
    from feedback.forum.products.operations import ensure_product
    from feedback.kernel import clock

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    now = clock.now()
    large = ensure_product(slug=LARGE, name="YouTube", now=now)
    young = ensure_product(slug=SMALL_ONE, name="Notes", now=now)
    forum, reviews = load(data_file(FORUM), DEFAULT), load(data_file(REVIEWS), DEFAULT, label=None)
    for slug, product in (("forum", large), ("reviews", large), ("food", large), ("notes", young)):
        make_board(slug=slug, name=slug.title(), product=product, now=now)
    _note_model(now)
    _fill("forum", forum, min(count, len(forum.posts)), now)
    _fill("reviews", reviews, max(0, count - len(forum.posts)), now)
    for slug, path in (("notes", YOUNG), ("food", BESIDE)):
        _import(slug, ((f"{slug}{at}", "", one) for at, one in enumerate(_texts(path))), now)
    (Path(settings.DATA_DIR) / "first-start.json").write_text(json.dumps({"step": "done"}))
    ada = User.objects.create_user(email="ada@example.org", display_name="Ada", role=Role.ADMIN)
    people = [
        User.objects.create_user(email=f"m{n}@example.org", display_name=f"Member {n}")
        for n in range(members)
    ]
    return {
        "admin": cookie_of(ada),
        "members": [cookie_of(one) for one in people],
        "board": "reviews",
        "texts": list(_spoken(reviews, 4_000)),
    }


def _texts(path: Path) -> list[str]:
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


def _spoken(board: Board, count: int) -> Iterator[str]:
    """Yield ``count`` texts: the first half of one of ``board``, and the second half of another."""
    rng = random.Random(11)
    for _ in range(count):
        one, other = (
            board.posts.texts[at].split() for at in rng.sample(range(len(board.posts)), 2)
        )
        yield " ".join(one[: len(one) // 2] + other[len(other) // 2 :])


def _note_model(now: Any) -> None:
    from feedback.encoder.models.registry import describe
    from feedback.grouping.models import EncoderModel

    described = describe(DEFAULT)
    EncoderModel.objects.create(
        model_key=described.model_key,
        dims=described.views[-1].stop,
        views=[[view.name, view.start, view.stop] for view in described.views],
        spec=DEFAULT,
        is_current=True,
        first_seen_at=now,
    )


def _fill(slug: str, board: Board, count: int, now: Any) -> None:
    """Import ``count`` posts of ``board`` and write their vectors."""
    own = len(board.posts)
    rng = random.Random(7)

    def rows() -> Iterator[tuple[str, str, str]]:
        for at in range(count):
            title, text = board.posts.titles[at % own], board.posts.texts[at % own]
            if at >= own:
                other = board.posts.texts[rng.randrange(own)].split()
                start = rng.randrange(max(1, len(other) - 8))
                text = f"{text} {' '.join(other[start : start + 8])} {at}"
            yield f"{slug}{at}", title, text

    _import(slug, rows(), now)
    _write_vectors(slug, board)


def _import(slug: str, rows: Iterator[tuple[str, str, str]], now: Any) -> None:
    from feedback.forum.models import Board as ForumBoard
    from feedback.forum.posts.bulk import ImportRow, import_rows

    import_rows(
        (
            ImportRow(external_id=key, title=title, body=text, author=f"Person {at % 5000}")
            for at, (key, title, text) in enumerate(rows)
        ),
        board=ForumBoard.objects.get(slug=slug),
        source="bench",
        now=now,
        on_progress=lambda done: say(f"  {done.read:,} posts") if done.read % 20_000 == 0 else None,
    )


def _write_vectors(slug: str, board: Board) -> None:
    from feedback.forum.models import Post
    from feedback.grouping.models import EncoderModel, Vector

    key = EncoderModel.objects.get().model_key
    rng = np.random.default_rng(0)
    known = set(Vector.objects.values_list("content_hash", flat=True))
    waiting: list[Vector] = []
    posts = Post.objects.filter(board__slug=slug).order_by("pk")
    for words, external_id in posts.values_list("content_hash", "external_id"):
        if words in known:
            continue
        known.add(words)
        at = int(external_id.removeprefix(slug))
        row = np.asarray(board.corpus.vectors[at % len(board.posts)], dtype=np.float32)
        if at >= len(board.posts):
            row = row + rng.normal(0, NOISE / np.sqrt(len(row)), len(row)).astype(np.float32)
        lead = board.corpus.leads[at % len(board.posts)] if len(board.corpus.leads) else ""
        waiting.append(Vector(content_hash=words, model_key=key, embedding=row, lead=lead))
        if len(waiting) == 2_000:
            Vector.objects.bulk_create(waiting)
            waiting = []
    Vector.objects.bulk_create(waiting)


# --- Watching -------------------------------------------------------------------------------------------------------
def watch() -> None:
    """Print, as a line of JSON each, what the site is at whenever that changes, until the other end of the pipe closes."""
    import django

    django.setup()
    from django_tasks_db.models import DBTaskResult

    from feedback.grouping.models import Run
    from feedback.grouping.vectors.embedding import without_vector

    last: dict[str, Any] = {}
    read = False
    while True:
        read = read or not (without_vector(_model_key()).filter(source="bench").exists())
        now = {
            "read": read,
            "runs": [
                list(one)
                for one in Run.objects.order_by("pk").values_list("product__slug", "state", "stage")
            ],
            "working": DBTaskResult.objects.filter(
                status="RUNNING", task_path__endswith=".regroup"
            ).exists(),
        }
        if now != last:
            sys.stdout.write(json.dumps(now | {"at": time.time()}) + "\n")
            sys.stdout.flush()
            last = now
        time.sleep(0.1)


def _model_key() -> str:
    from feedback.grouping.models import EncoderModel

    return EncoderModel.objects.get(is_current=True).model_key


# --- Scoring --------------------------------------------------------------------------------------------------------
def score(acknowledged: list[str]) -> dict[str, Any]:
    """Return how right the asks are that people would see, and which of the ``acknowledged`` posts are not there."""
    import django

    django.setup()
    from feedback.asks.models import Ask, Membership, PlacementAttempt
    from feedback.asks.models.states import OPEN
    from feedback.engine.stats.quality import quality
    from feedback.forum.models import Post
    from feedback.grouping.models import Run

    there = set(Post.objects.filter(state="PUBLISHED").values_list("public_id", flat=True))
    seen = Membership.objects.filter(ask__state__in=OPEN)
    homes = dict(seen.values_list("post__external_id", "ask_id"))
    forum = load(data_file(FORUM), DEFAULT)
    labels = forum.labels[: Post.objects.filter(board__slug="forum").count()]
    found = _found(homes, "forum", len(labels))
    measured = quality(labels, found).as_dict()
    return {
        "young": _wishes(homes, "notes", YOUNG),
        "beside": _wishes(homes, "food", BESIDE),
        "large": {
            **{name: round(measured[name], 4) for name in ("ari", "ami", "b_cubed")},
            "fragmentation": round(fragmentation(labels, found), 4),
        },
        "asks": {
            product: Ask.objects.open().filter(product__slug=product).count()
            for product in (LARGE, SMALL_ONE)
        },
        "runs": [
            [product, posts, round((finished - started).total_seconds(), 1)]
            for product, posts, started, finished in Run.objects.filter(state="DONE")
            .order_by("pk")
            .values_list("product__slug", "post_count", "started_at", "finished_at")
        ],
        "posts": Post.objects.count(),
        "in_asks": seen.count(),
        "looked_at": PlacementAttempt.objects.count(),
        "lost": sorted(set(acknowledged) - there),
    }


def _found(homes: dict[str, int], slug: str, count: int) -> np.ndarray:
    """Return the ask of each post of a board; one of its own for a post that is in none."""
    return np.array([homes.get(f"{slug}{at}", -1 - at) for at in range(count)])


def _wishes(homes: dict[str, int], slug: str, path: Path) -> dict[str, float]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = _found(homes, slug, len(rows))
    return wishes([row["label"] for row in rows], [row["lang"] for row in rows], found)


def main() -> None:
    """Do what `benchmarks.site` asks for, inside the site."""
    parser = argparse.ArgumentParser(description="Build, watch or score a site of two products.")
    parser.add_argument("act", choices=("build", "watch", "score"))
    parser.add_argument("--posts", type=int, default=8_000)
    parser.add_argument("--members", type=int, default=8)
    options = parser.parse_args()
    if options.act == "build":
        sys.stdout.write(json.dumps(build(options.posts, options.members)))
    elif options.act == "watch":
        watch()
    else:
        sys.stdout.write(json.dumps(score(json.load(sys.stdin))))


if __name__ == "__main__":
    main()

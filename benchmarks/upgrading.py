"""What an upgrade of a site at work locks, and for how long: `python -m benchmarks.upgrading [--posts 100000]`.

Makes a database as the first schema left it that migrations bring forward (`THE_HOUSE`), fills it, and migrates it to today's on an
embedded PostgreSQL, while a reader and a writer say what the version of then would say. Prints for each migration how long it took
and which lock on which large table it held longest, how long the reader and the writer waited at most, and what they could not do.
"""

import argparse
import os
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.acting import Acting
from benchmarks.databases import database_of
from benchmarks.growth import SEEDS, grow
from benchmarks.web import say

#: The last migration of each room, as of 2026-11-29: from here on migrations lead to today.
THE_HOUSE = {
    "accounts": "0002_shared_cache",
    "asks": "0001_initial",
    "forum": "0002_search_index",
    "grouping": "0001_initial",
    "importing": "0001_initial",
    "journal": "0001_initial",
    "measure": "0001_initial",
    "notify": "0001_initial",
    "roadmap": "0001_initial",
}
#: Rows for each post.
FILLED = (
    ("accounts.User", 0.2),
    ("forum.Post", 1.0),
    ("forum.Comment", 1.0),
    ("forum.Vote", 2.0),
    ("journal.Entry", 3.0),
    ("journal.Dispatch", 1.0),
    ("notify.Notice", 1.0),
)
_HELD = """
    SELECT c.relname, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
    WHERE l.granted AND c.relkind = 'r' AND l.pid = %s AND c.relname = ANY(%s)
    AND l.mode IN ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock')
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        folder.chmod(0o755)  # the database server is another user's
        with database_of("postgres", folder) as database:
            os.environ |= {
                "HEED_DATA_DIR": f"{folder}/data",
                "HEED_ENCODER": "hashing",
                "DATABASE_URL": database,
                "DJANGO_SETTINGS_MODULE": "config.settings",
            }
            import django

            django.setup()
            where = {"host": f"{folder}/postgres", "user": "postgres", "dbname": "heed"}
            _measure(options.posts, where)


def _measure(posts: int, where: dict[str, str]) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    targets = list(THE_HOUSE.items())
    executor.migrate(targets)
    models = MigrationExecutor(connection).loader.project_state(targets).apps
    _fill(models, SEEDS)
    grow(0, posts // SEEDS - 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    watch = Watch(where, models, pid)
    apply = MigrationExecutor.apply_migration

    def noted(self: Any, state: Any, migration: Any, *given: Any, **more: Any) -> Any:
        watch.doing = f"{migration.app_label}.{migration.name}"
        began = time.perf_counter()
        try:
            return apply(self, state, migration, *given, **more)
        finally:
            watch.took[watch.doing] = time.perf_counter() - began

    MigrationExecutor.apply_migration = noted  # type: ignore[method-assign]
    watch.start()
    call_command("migrate", verbosity=0)
    watch.stop()
    watch.tell()


# --- Rows of then ---------------------------------------------------------------------------------------------------
def _fill(models: Any, posts: int) -> None:
    made: dict[Any, list[int]] = {}
    _one(models.get_model("forum.Product"), made, is_default=True)
    _one(models.get_model("forum.Board"), made)
    for label, share in FILLED:
        model = models.get_model(label)
        began = time.perf_counter()
        count = int(posts * share)
        for start in range(0, count, 5_000):
            model.objects.bulk_create(
                _made(model, number, made) for number in range(start, min(start + 5_000, count))
            )
        made[model] = list(model.objects.order_by("pk").values_list("pk", flat=True))
        say(f"{label:18} {count:9,} rows in {time.perf_counter() - began:.0f} s")


def _one(model: Any, made: dict[Any, list[int]], **given: Any) -> None:
    found = model.objects.first()
    if found is None:
        found = _made(model, 0, made)
        for name, value in given.items():
            setattr(found, name, value)
        found.save()
    made[model] = [found.pk]


def _made(model: Any, number: int, made: dict[Any, list[int]]) -> Any:
    """Return a row of ``model`` whose columns say something, no two alike where they must not be."""
    from django.db import models
    from django.utils import timezone

    values: dict[str, Any] = {}
    for field in model._meta.fields:
        if field.name == "public_id":
            values[field.name] = f"{number:011d}"
        elif isinstance(field, models.ForeignKey):
            there = made.get(field.related_model)
            if there and field.related_model is not model:
                # Each round of posts has another person.
                step = number + number // len(there) + (number if field.name == "person" else 0)
                values[field.attname] = there[step % len(there)]
        elif field.primary_key or field.has_default() or field.null:
            continue
        elif isinstance(field, models.DateTimeField):
            values[field.name] = timezone.now()
        elif isinstance(field, models.TextField):
            values[field.name] = f"{number} words of somebody who has something to say. " * 4
        elif isinstance(field, models.CharField):
            values[field.name] = f"{number:x}"[: field.max_length]
        elif isinstance(field, models.IntegerField | models.FloatField):
            values[field.name] = 0
    return model(**values)


# --- Beside it ------------------------------------------------------------------------------------------------------
class Watch(Acting):
    """A reader, a writer and somebody who looks at the locks."""

    def __init__(self, where: dict[str, str], models: Any, pid: int) -> None:
        self._where, self._models, self._pid = where, models, pid
        self.doing = ""
        self.took: dict[str, float] = {}
        self._held: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
        self._waited: dict[str, list[float]] = defaultdict(list)
        self._could_not: Counter[str] = Counter()
        super().__init__((self._look, self._read, self._write))

    def _server(self) -> Any:
        import psycopg

        return psycopg.connect(autocommit=True, **self._where)

    def _turns(self, pause: float) -> Iterator[None]:
        while not self.stopped.is_set():
            yield
            self.stopped.wait(pause)

    def _look(self) -> None:
        tables = [self._models.get_model(label)._meta.db_table for label, _ in FILLED]
        since: dict[tuple[str, str], float] = {}
        with self._server() as server:
            for _ in self._turns(0.01):
                held = {tuple(row) for row in server.execute(_HELD, (self._pid, tables))}
                at = time.perf_counter()
                since = {one: since.get(one, at) for one in held}  # type: ignore[misc]
                for one, began in since.items():
                    longest = self._held[self.doing]
                    longest[one] = max(longest.get(one, 0.0), at - began)

    def _read(self) -> None:
        post = self._models.get_model("forum.Post")
        board = self._models.get_model("forum.Board")
        asked = [
            str(board.objects.order_by("pk").query),
            str(post.objects.select_related("author").order_by("-pk")[:20].query),
        ]
        self._ask("reader", asked, 0.02)

    def _write(self) -> None:
        columns = ", ".join(
            field.column for field in self._models.get_model("forum.Comment")._meta.fields
            if not field.primary_key
        )  # fmt: skip
        comment = columns
        for name in ("public_id", "external_id"):
            comment = comment.replace(name, "substr(md5(random()::text), 1, 11)")
        self._ask(
            "writer",
            [
                "UPDATE forum_post SET vote_count = vote_count + 1 WHERE id = (SELECT MAX(id) FROM forum_post)",
                f"INSERT INTO forum_comment ({columns}) SELECT {comment} FROM forum_comment ORDER BY id LIMIT 1",
            ],
            0.02,
        )

    def _ask(self, who: str, statements: list[str], pause: float) -> None:
        import psycopg

        with self._server() as server:
            for _ in self._turns(pause):
                for statement in statements:
                    began = time.perf_counter()
                    try:
                        server.execute(statement)
                    except psycopg.Error as error:
                        self._could_not[f"{who}: {str(error).splitlines()[0]}"] += 1
                    self._waited[who].append(time.perf_counter() - began)

    def tell(self) -> None:
        say("| migration | seconds | longest lock on a large table |")
        say("|---|---|---|")
        for name, seconds in self.took.items():
            locks = sorted(self._held.get(name, {}).items(), key=lambda pair: -pair[1])[:2]
            told = ", ".join(f"{table} {mode} {held:.2f} s" for (table, mode), held in locks)
            if locks or seconds > 0.5:
                say(f"| {name} | {seconds:.2f} | {told or '-'} |")
        for who, times in self._waited.items():
            say(f"{who}: {len(times):,} statements, the longest waited {max(times):.2f} s")
        for what, times_ in self._could_not.items():
            say(f"could not, {times_:,} times: {what}")


if __name__ == "__main__":
    main()

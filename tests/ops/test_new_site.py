"""A new site's tables, made at once, are those that every migration one after the other comes to."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations import RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader

from feedback.kernel.large_tables import AddIndexBesideWriters, LeaveColumn
from feedback.ops.new_site import _rooms
from tests.processes import ROOT, environment

pytestmark = [pytest.mark.timeout(400), pytest.mark.own_database]

#: The first start is killed before it has noted what it did; the next one goes on, as an older Heed would, step by step.
KILLED = """
import django; django.setup()
from django.core.management import call_command
from feedback.ops import new_site
def killed(*given): raise KeyboardInterrupt
new_site._note = killed
try:
    call_command("migrate", verbosity=0)
except KeyboardInterrupt:
    pass
"""
MIGRATE = "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0)"
COUNT = 'SELECT COUNT(*) FROM "{}"'
POSTGRES = {
    "columns": "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,"
    " is_identity, udt_name FROM information_schema.columns WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, regexp_replace(indexdef, ' INDEX \\S+ ', ' INDEX ') FROM pg_indexes"
    " WHERE schemaname = 'public'",
}
Ask = Callable[[str], list[tuple[Any, ...]]]


def pieces(sql: str) -> list[str]:
    """Return what stands between the outer brackets of a CREATE TABLE, in the order of the words: columns may stand in any."""
    inside, found, depth = sql[sql.index("(") + 1 : sql.rindex(")")], [""], 0
    for letter in inside:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return sorted(re.sub(r"\s+", " ", one).strip() for one in found)


def on_sqlite_it_is(ask: Ask) -> dict[str, Any]:
    said = ask("SELECT type, tbl_name, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    tables = {table: pieces(sql) for kind, table, _, sql in said if kind == "table"}
    others = sorted(one for one in said if one[0] != "table")
    return {"tables": tables, "others": others}


def on_postgres_it_is(ask: Ask) -> dict[str, Any]:
    return {what: sorted(map(repr, ask(sql))) for what, sql in POSTGRES.items()}


def described(ask: Ask) -> dict[str, Any]:
    """Return the tables of a database, the migrations that it says it has, and how many rows stand where."""
    known = on_postgres_it_is(ask) if settings.TEST_DATABASE == "postgres" else on_sqlite_it_is(ask)
    rows = {
        model._meta.label: ask(COUNT.format(model._meta.db_table)) for model in apps.get_models()
    }
    rules = ask("SELECT slug, name, text_zh, position, is_retired FROM forum_rule ORDER BY slug")
    steps = sorted(ask("SELECT app, name FROM django_migrations"))
    return known | {"rows": rows, "rules": rules, "steps": steps}


@contextmanager
def a_site(folder: Path) -> Iterator[tuple[Callable[[str], None], Ask]]:
    """Give a way to run code on a site of its own whose database is empty, and one to ask its database."""
    folder.mkdir()
    more, name = {}, f"new_{folder.name}_{os.getpid()}"
    if settings.TEST_DATABASE == "postgres":
        place = quote(str(settings.POSTGRES_DIR), safe="")
        more["DATABASE_URL"] = f"postgres://postgres@{place}/{name}"
        on_server(f"CREATE DATABASE {name}")

    def run(code: str) -> None:
        env = environment(folder, DJANGO_SETTINGS_MODULE="config.settings", **more)
        subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, check=True, timeout=300)

    def ask(sql: str) -> list[tuple[Any, ...]]:
        if settings.TEST_DATABASE == "postgres":
            return on_server(sql, database=name)
        with closing(sqlite3.connect(folder / "heed.sqlite3")) as database:
            return database.execute(sql).fetchall()

    yield run, ask
    if settings.TEST_DATABASE == "postgres":
        on_server(f"DROP DATABASE {name} WITH (FORCE)")


def on_server(sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
    where = {"host": str(settings.POSTGRES_DIR), "user": "postgres", "dbname": database}
    with psycopg.connect(**where, autocommit=True) as server:
        found = server.execute(sql)
        return found.fetchall() if found.description else []


def left_to_the_version_before() -> list[tuple[str, str]]:
    """Return tables and columns that only a site of before has, on PostgreSQL."""
    left = [
        (f"{app}_{operation.model_name}", operation.name)
        for (app, _), step in MigrationLoader(None).disk_migrations.items()
        for operation in step.operations
        if isinstance(operation, LeaveColumn)
    ]
    assert left
    return left if settings.TEST_DATABASE == "postgres" else []


def test_made_at_once_it_is_what_all_steps_come_to(tmp_path: Path) -> None:
    with a_site(tmp_path / "at_once") as (run, ask):
        run(MIGRATE)
        at_once = described(ask)
    with a_site(tmp_path / "step_by_step") as (run, ask):
        run(KILLED)
        steps = ask("SELECT app, name FROM django_migrations")
        run(MIGRATE)
        for table, column in left_to_the_version_before():
            ask(f"ALTER TABLE {table} DROP COLUMN {column}")
        step_by_step = described(ask)
    assert steps and not {app for app, _ in steps} & _rooms()
    assert len(at_once["rules"]) > 3
    for what, found in step_by_step.items():
        assert at_once[what] == found, what


def test_the_steps_of_the_rooms_are_of_kinds_that_are_known() -> None:
    """What changes tables beside Django's back would have to be done to a new site's tables too."""
    loader = MigrationLoader(None)
    for (app, name), step in loader.disk_migrations.items():
        if app in _rooms():
            for operation in step.operations:
                kind = type(operation)
                # Our own leave what a site of before has; a new one has nothing to leave.
                known = kind in (
                    RunPython,
                    AddIndexBesideWriters,
                    LeaveColumn,
                ) or kind.__module__.startswith("django.db.migrations.operations")
                assert known and kind not in (RunSQL, SeparateDatabaseAndState), (app, name, kind)

"""The schema of a site at work changes without holding it up."""

import pytest
from django.conf import settings
from django.db import connection, models
from django.db.migrations import AddField, AddIndex, CreateModel, DeleteModel
from django.db.migrations.state import ProjectState

from feedback.kernel.large_tables import AddIndexBesideWriters
from feedback.ops import migrating

pytestmark = pytest.mark.django_db(transaction=True)

on_postgres = pytest.mark.skipif(
    settings.TEST_DATABASE != "postgres", reason="SQLite has one writer, who waits for nobody"
)


class Scratch:
    """A table of its own whose schema is changed as a migration does it."""

    def __init__(self) -> None:
        self.state = ProjectState()
        columns = [
            ("id", models.BigAutoField(primary_key=True)),
            ("word", models.CharField(max_length=9)),
        ]
        self.change(CreateModel("Scratch", columns))

    def change(self, operation, *, atomic=True):
        after = self.state.clone()
        operation.state_forwards("scratch", after)
        with connection.schema_editor(atomic=atomic) as editor:
            operation.database_forwards("scratch", editor, self.state, after)
        self.state = after


@pytest.fixture
def scratch():
    """A small table that goes with the test."""
    table = Scratch()
    yield table
    table.change(DeleteModel("Scratch"))


def said(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


@on_postgres
def test_a_process_of_before_goes_on_writing_beside_a_new_column(scratch):
    with migrating.beside_others(connection):
        scratch.change(
            AddField("scratch", "mark", models.CharField(max_length=9, default="as it was"))
        )
    said("INSERT INTO scratch_scratch (word) VALUES ('old')")
    assert said("SELECT word, mark FROM scratch_scratch") == [("old", "as it was")]
    assert said("SHOW lock_timeout") == [("0",)]


@on_postgres
def test_a_change_lets_go_of_a_table_in_use_and_tries_again(scratch, monkeypatch):
    import psycopg

    monkeypatch.setattr(migrating, "LOCK_SECONDS", 0.05)
    where = connection.get_connection_params()
    known = {key: where[key] for key in ("host", "user", "dbname", "port") if where.get(key)}
    with psycopg.connect(**known) as other:
        other.execute("SELECT * FROM scratch_scratch")  # its transaction stays open
        other.execute("LOCK TABLE scratch_scratch IN ACCESS SHARE MODE")
        monkeypatch.setattr(migrating.time, "sleep", lambda seconds: other.rollback())
        with migrating.beside_others(connection):
            change = AddField("scratch", "mark", models.BooleanField(default=False))
            with pytest.raises(migrating.BusyTable):
                migrating.until_done(lambda: scratch.change(change), tries=1)
            migrating.until_done(lambda: scratch.change(change), tries=2)
    assert said("SELECT COUNT(mark) FROM scratch_scratch") == [(0,)]


def test_an_index_is_made_beside_writers_and_made_anew_where_one_was_broken_off(scratch):
    index = models.Index(fields=["word"], name="scratch_word")
    if connection.vendor == "postgresql":
        scratch.change(AddIndex("scratch", index))
        said("UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = 'scratch_word'::regclass")
        scratch.state.models["scratch", "scratch"].options["indexes"] = []
    scratch.change(AddIndexBesideWriters("scratch", index), atomic=False)
    if connection.vendor == "postgresql":
        valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'scratch_word'::regclass"
        assert said(valid) == [(True,)]
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "scratch_scratch")
    assert "scratch_word" in found


@on_postgres
def test_an_index_beside_writers_waits_for_whoever_works_and_is_not_given_up(scratch):
    """Half made, PostgreSQL would leave it there and not use it."""
    may_wait = []

    def look(execute, sql, params, many, context):
        if "CONCURRENTLY" in str(sql):
            may_wait.append(said("SHOW lock_timeout")[0][0])
        return execute(sql, params, many, context)

    index = models.Index(fields=["word"], name="scratch_word")
    with migrating.beside_others(connection), connection.execute_wrapper(look):
        scratch.change(AddIndexBesideWriters("scratch", index), atomic=False)
        assert said("SHOW lock_timeout") == [("2s",)]
    assert may_wait == ["0", "0"]


def test_an_index_that_is_there_already_is_made_anew(scratch):
    index = models.Index(fields=["word"], name="scratch_word")
    for _again in range(2):
        scratch.state.models["scratch", "scratch"].options["indexes"] = []
        scratch.change(AddIndexBesideWriters("scratch", index), atomic=False)

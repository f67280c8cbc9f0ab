"""The schema of a site at work changes without holding it up."""

import pytest
from django.conf import settings
from django.db import OperationalError, connection, models
from django.db.migrations import AddField, AddIndex, CreateModel, DeleteModel, Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from feedback.kernel.large_tables import AddIndexBesideWriters, LeaveColumn
from feedback.ops import migrating
from tests.sessions import another, said

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
    monkeypatch.setattr(migrating, "LOCK_MILLISECONDS", 50)
    with another() as other:
        other.execute("SELECT * FROM scratch_scratch")  # its transaction stays open
        other.execute("LOCK TABLE scratch_scratch IN ACCESS SHARE MODE")
        monkeypatch.setattr(migrating.time, "sleep", lambda seconds: other.rollback())
        with migrating.beside_others(connection) as beside:
            change = AddField("scratch", "mark", models.BooleanField(default=False))
            with pytest.raises(migrating.BusyTable):
                migrating.until_done(lambda: scratch.change(change), beside=beside, tries=1)
            migrating.until_done(lambda: scratch.change(change), beside=beside, tries=2)
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
        assert said("SHOW lock_timeout") == [("900ms",)]
    assert may_wait == ["0", "0"]


def test_an_index_that_is_there_already_is_made_anew(scratch):
    index = models.Index(fields=["word"], name="scratch_word")
    for _again in range(2):
        scratch.state.models["scratch", "scratch"].options["indexes"] = []
        scratch.change(AddIndexBesideWriters("scratch", index), atomic=False)


@on_postgres
def test_a_field_leaves_the_models_and_its_column_stays_for_the_version_before(scratch):
    scratch.change(AddField("scratch", "mark", models.BooleanField(default=False)))
    scratch.change(LeaveColumn("scratch", "mark"))
    said("INSERT INTO scratch_scratch (word) VALUES ('new')")
    said("INSERT INTO scratch_scratch (word, mark) VALUES ('old', TRUE)")
    assert said("SELECT word, mark FROM scratch_scratch ORDER BY id") == [
        ("new", False),
        ("old", True),
    ]


@on_postgres
@pytest.mark.parametrize("is_lost", [False, True])
def test_a_field_that_left_comes_back_where_its_column_stayed_and_where_it_went(scratch, is_lost):
    scratch.change(AddField("scratch", "mark", models.BooleanField(default=False)))
    leaving, before = LeaveColumn("scratch", "mark"), scratch.state
    scratch.change(leaving)
    if is_lost:
        said("ALTER TABLE scratch_scratch DROP COLUMN mark")
    with connection.schema_editor() as editor:
        leaving.database_backwards("scratch", editor, scratch.state, before)
    said("INSERT INTO scratch_scratch (word, mark) VALUES ('old', TRUE)")
    assert said("SELECT mark FROM scratch_scratch") == [(True,)]


@on_postgres
def test_a_migration_takes_all_its_tables_at_its_start_or_none(monkeypatch):
    """Of a page and a change that wait for each other it is the change that lets go, and it holds nothing then."""
    monkeypatch.setattr(migrating, "LOCK_MILLISECONDS", 50)
    change = Migration("change", "forum")
    change.operations = [
        AddField("board", "mark", models.BooleanField(default=False)),
        AddField("post", "mark", models.BooleanField(default=False)),
    ]
    with another() as other, migrating.beside_others(connection) as beside:
        beside.next, beside.patience = change, 50
        other.execute("LOCK TABLE forum_post IN ACCESS SHARE MODE")
        with pytest.raises(OperationalError), connection.schema_editor():
            pytest.fail("it went on without its tables")
        assert not connection.in_atomic_block
        other.execute("SELECT * FROM forum_board")
        other.rollback()
        with connection.schema_editor():
            held = said("SELECT relation::regclass::text FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND pid = pg_backend_pid()")  # fmt: skip
    assert {"forum_board", "forum_post"} <= {table for (table,) in held}


def test_which_tables_a_migration_holds_and_how():
    graph = MigrationLoader(None).graph
    of_rights = migrating.tables_of(graph.nodes["forum", "0010_rights"])
    assert of_rights["forum_board"] == "ACCESS EXCLUSIVE"
    assert of_rights["accounts_user"] == "SHARE ROW EXCLUSIVE"
    beside_writers = [
        one for one in graph.nodes.values() if one.__module__.startswith("feedback.") and not one.atomic
    ]  # fmt: skip
    assert beside_writers
    assert not any(migrating.tables_of(one) for one in beside_writers)

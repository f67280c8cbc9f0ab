"""A change of the schema holds nobody up on a large site, and processes of the version before go on beside it."""

import pytest
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterUniqueTogether,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import CharField, ForeignKey, TextField
from django.db.models.fields import NOT_PROVIDED

from feedback.kernel.large_tables import AddIndexBesideWriters, LeaveColumn

#: What grows with people and what they say.
LARGE = {
    "accounts.user",
    "asks.membership",
    "asks.placementattempt",
    "forum.attachment",
    "forum.comment",
    "forum.post",
    "forum.reaction",
    "forum.renderedcomment",
    "forum.renderedpost",
    "forum.vote",
    "grouping.vector",
    "journal.dispatch",
    "journal.entry",
    "notify.delivery",
    "notify.notice",
}
#: Migrations that do more, each with why that is borne. Those of before this was looked at belong to no release yet.
_FIRST = "it makes a table of its own, which nobody uses yet"
_QUICK = (
    "an index of one large table, of before this was looked at; `benchmarks.upgrading` measures it"
)
NAMED: dict[str, str] = {
    "accounts.0002_shared_cache": _FIRST,
    "accounts.0009_roles_on_parts": "its check looks at people alone, of whom there are fewest",
    "forum.0002_search_index": _FIRST,
    "forum.0003_replies_and_reactions": _QUICK,
    "forum.0005_rules": "it writes the rules of the house, a handful of rows",
    "forum.0006_people_leave": _QUICK,
    "forum.0008_taking_part": _QUICK,
    "journal.0002_posts_that_moved": _QUICK,
    "journal.0004_entries_stay": "it makes a trigger, and looks at no row",
    "notify.0003_mail_and_wishes": _QUICK,
    "notify.0008_what_providers_tell": "its table came after the schema that upgrades begin with",
}


@pytest.fixture(scope="module")
def postgres():
    """PostgreSQL's names of types, without a server."""
    return DatabaseWrapper(
        {"NAME": "x", "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "OPTIONS": {},
         "TIME_ZONE": None, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True,
         "ATOMIC_REQUESTS": False, "TEST": {}},
        "postgres",
    )  # fmt: skip


def what_it_does(operation, app, before, postgres):
    """Return what of ``operation`` holds up whoever uses a large table, or those of the version before; "" for nothing."""
    name = getattr(operation, "model_name", None) or getattr(operation, "name", "")
    table = f"{app}.{name}".lower()
    if isinstance(operation, RunPython | RunSQL):
        return "" if getattr(operation, "elidable", False) else "runs what only its author knows"
    if isinstance(operation, LeaveColumn):
        return ""
    if isinstance(operation, RenameField | RenameModel | DeleteModel | RemoveField):
        return f"{table}: takes away what the version before reads"
    if table not in LARGE:
        return ""
    if isinstance(operation, AddIndex) and not isinstance(operation, AddIndexBesideWriters):
        return f"{table}: nobody writes while the index is made (AddIndexBesideWriters)"
    if isinstance(operation, AddConstraint | AlterUniqueTogether):
        return f"{table}: every row is looked at while nobody reads"
    if isinstance(operation, AddField):
        return _of_a_new_column(operation.field, table)
    if isinstance(operation, AlterField):
        old = before.models[app, name.lower()].fields[operation.name]
        return _of_a_changed_column(old, operation.field, table, postgres)
    return ""


def _of_a_new_column(field, table):
    if field.unique or (field.db_index and not isinstance(field, ForeignKey)):
        return f"{table}: an index is made of a new column while nobody writes"
    if isinstance(field, ForeignKey) and field.db_index:
        return f"{table}: an index is made of a new key (db_index=False, then AddIndexBesideWriters)"  # fmt: skip
    if field.db_default is not NOT_PROVIDED and not isinstance(field.db_default, int | str | bool):
        return f"{table}: a default of the database's own may differ by row, which writes every row"
    return ""


def _of_a_changed_column(old, new, table, postgres):
    if isinstance(old, ForeignKey) or isinstance(new, ForeignKey):
        return "" if type(old) is type(new) and old.null <= new.null else f"{table}: another key"
    was, becomes = old.db_type(postgres), new.db_type(postgres)
    letters = isinstance(old, CharField | TextField) and isinstance(new, CharField | TextField)
    is_wider = letters and (new.max_length is None or isinstance(new, TextField))
    is_wider = is_wider or (letters and (old.max_length or 10**9) <= new.max_length)
    if was != becomes and not is_wider:
        return f"{table}: {was} becomes {becomes}, which writes every row while nobody reads"
    if old.null and not new.null:
        return f"{table}: every row is looked at while nobody reads"
    if (new.unique and not old.unique) or (new.db_index and not old.db_index):
        return f"{table}: an index is made while nobody writes"
    return ""


def test_a_migration_of_a_large_table_says_why_nobody_waits(postgres):
    found = what_migrations_do(postgres)
    unnamed = {name: said for name, said in found.items() if name not in NAMED}
    assert not unnamed, unnamed
    assert not NAMED.keys() - found.keys(), "named, and harmless"


def test_a_migration_that_is_not_atomic_does_one_thing():
    """One that is broken off begins anew: what it has done already would be done twice."""
    found = MigrationLoader(None).graph.nodes.values()
    ours = [one for one in found if one.__module__.startswith("feedback.") and not one.atomic]
    several = [str(one) for one in ours if len(one.operations) > 1]
    assert ours
    assert not several, several


def what_migrations_do(postgres):
    """Return by its name what each migration of the rooms does that is not harmless; the first of a room makes tables that nobody uses yet."""
    graph = MigrationLoader(None).graph
    state, found = ProjectState(), {}
    for app, name in graph._generate_plan(graph.leaf_nodes(), at_end=True):
        migration = graph.nodes[app, name]
        is_ours = migration.__module__.startswith("feedback.") and not migration.initial
        said, new = set(), set()
        for operation in migration.operations:
            if isinstance(operation, CreateModel):
                new.add(operation.name.lower())
            if is_ours and getattr(operation, "model_name", "").lower() not in new:
                said.add(what_it_does(operation, app, state, postgres))
            operation.state_forwards(app, state)
        if said := sorted(said - {""}):
            found[f"{app}.{name}"] = said
    return found

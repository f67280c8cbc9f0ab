"""A new site's tables are made as they are today, not as they once were and then changed step by step.

Those of the rooms are. Packages, and `accounts` to whose people packages point, are migrated as ever. Afterwards the
database is as if every migration had been applied, and says so.
"""

from itertools import takewhile

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration, RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

#: The room that is migrated as packages are.
_STEP_BY_STEP = "accounts"


def make() -> None:
    """Make the tables of an empty database. Any other is left to `migrate`, also one over which this was killed."""
    if connection.introspection.table_names():
        return
    rooms = _rooms()
    executor = MigrationExecutor(connection)
    executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] not in rooms])
    executor.loader.build_graph()
    if any(label in rooms for label, _ in executor.loader.applied_migrations):
        return  # a package wants a room's tables as they once were
    steps = [step for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    state = executor.loader.project_state()
    if connection.vendor == "postgresql":
        # Rows are written once every key between the tables is there.
        with transaction.atomic():
            with connection.schema_editor() as editor:
                _make_tables(editor, steps, state)
            with connection.schema_editor() as editor:
                _do_the_rest(editor, steps, state)
                _note(executor, steps)
    else:
        with connection.schema_editor(atomic=True) as editor:
            _make_tables(editor, steps, state)
            _do_the_rest(editor, steps, state)
            _note(executor, steps)


def _rooms() -> set[str]:
    """Return the labels of the rooms whose tables are made at once."""
    ours = {one.label for one in apps.get_app_configs() if one.name.startswith("feedback.")}
    return ours - {_STEP_BY_STEP}


def _make_tables(
    editor: BaseDatabaseSchemaEditor, steps: list[Migration], state: ProjectState
) -> None:
    for step in steps:
        for operation in _before_its_tables(step):
            operation.database_forwards(step.app_label, editor, state, state)
    rooms = {step.app_label for step in steps}
    for model in state.apps.get_models():
        if model._meta.app_label in rooms and model._meta.can_migrate(editor.connection):
            editor.create_model(model)


def _do_the_rest(
    editor: BaseDatabaseSchemaEditor, steps: list[Migration], state: ProjectState
) -> None:
    """Do what steps do beside changing tables, such as writing the rows that a new site begins with.

    What only changes rows that are there says that it is elidable: there are none, and it may speak of columns that are gone.
    """
    for step in steps:
        for operation in step.operations[len(_before_its_tables(step)) :]:
            if isinstance(operation, RunPython) and not operation.elidable:
                operation.database_forwards(step.app_label, editor, state, state)


def _before_its_tables(step: Migration) -> list[Operation]:
    """Return what the first step of a room does before it makes tables: what their columns need."""
    if not step.initial:
        return []
    return list(takewhile(lambda operation: isinstance(operation, RunPython), step.operations))


def _note(executor: MigrationExecutor, steps: list[Migration]) -> None:
    for step in steps:
        executor.recorder.record_applied(step.app_label, step.name)

"""The table of the shared cache, in which sign-in limits are counted for all processes."""

from django.core.management.commands.createcachetable import Command
from django.db import migrations

TABLE = "heed_cache"


def make(apps, schema_editor):
    """Make the table as Django's own command does; one that is there already is kept."""
    command = Command()
    command.verbosity = 0
    command.create_table(schema_editor.connection.alias, TABLE, dry_run=False)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {schema_editor.quote_name(TABLE)}")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(make, drop)]

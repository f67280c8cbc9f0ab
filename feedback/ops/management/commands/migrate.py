"""`manage.py migrate`, which makes the tables of a new site at once, and changes those of a site at work without holding it up."""

from typing import Any

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations import Migration

from feedback.ops import migrating, new_site


class Command(migrate.Command):
    _beside = migrating.Beside()

    def handle(self, *args: Any, **options: Any) -> None:
        """Make a new site's tables first, unless somebody asks for less than all of them."""
        asks_for_all = not (options["app_label"] or options["plan"] or options["check_unapplied"])
        if asks_for_all and not options["fake"] and options["database"] == DEFAULT_DB_ALIAS:
            new_site.make()
        step_by_step = super().handle
        with migrating.beside_others(connections[options["database"]]) as self._beside:
            try:
                migrating.until_done(lambda: step_by_step(*args, **options), beside=self._beside)
            except migrating.BusyTable:
                raise CommandError(
                    "A table was in use each time that the change wanted it. Look who holds it (pg_stat_activity), then run migrate "
                    "again: it goes on where it stopped."
                ) from None

    def migration_progress_callback(
        self, action: str, migration: Migration | None = None, fake: bool = False
    ) -> None:
        """Say which migration comes, so that its tables are taken at its start."""
        self._beside.next = migration if action == "apply_start" and not fake else None
        super().migration_progress_callback(action, migration, fake)

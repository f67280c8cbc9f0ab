"""`manage.py migrate`, which makes the tables of a new site at once, and changes those of a site at work without holding it up."""

from typing import Any

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections

from feedback.ops import migrating, new_site


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Make a new site's tables first, unless somebody asks for less than all of them."""
        asks_for_all = not (options["app_label"] or options["plan"] or options["check_unapplied"])
        if asks_for_all and not options["fake"] and options["database"] == DEFAULT_DB_ALIAS:
            new_site.make()
        step_by_step = super().handle
        with migrating.beside_others(connections[options["database"]]):
            try:
                migrating.until_done(lambda: step_by_step(*args, **options))
            except migrating.BusyTable:
                raise CommandError(
                    "A table was in use each time for longer than two seconds. Look who holds it (pg_stat_activity), then run "
                    "migrate again: it goes on where it stopped."
                ) from None

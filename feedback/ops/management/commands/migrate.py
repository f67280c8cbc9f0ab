"""`manage.py migrate`, which makes the tables of a new site at once."""

from typing import Any

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS

from feedback.ops import new_site


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Make a new site's tables first, unless somebody asks for less than all of them."""
        asks_for_all = not (options["app_label"] or options["plan"] or options["check_unapplied"])
        if asks_for_all and not options["fake"] and options["database"] == DEFAULT_DB_ALIAS:
            new_site.make()
        super().handle(*args, **options)

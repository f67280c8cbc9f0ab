"""`manage.py prepare`: what `serve` does before it starts anything, for who starts web, worker and encoder otherwise."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from feedback.ops.preconditions import CannotStart
from feedback.ops.preparing import prepare
from feedback.ops.progress import Bars


class Command(BaseCommand):
    help = "Make a site ready for web, worker and encoder: tables, boards, the first administrator, static files."

    def handle(self, **options: Any) -> None:
        try:
            with Bars(Console(file=sys.stdout, highlight=False)) as bars:
                prepare(settings.DATA_DIR, (), bars)
                bars.say("Everything is ready for web, worker and encoder.")
        except CannotStart as trouble:
            raise CommandError(f"Heed cannot start: {trouble}") from None

"""`manage.py restore`: make the site what a backup says."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.kernel import clock
from feedback.ops import archive


class Command(BaseCommand):
    help = "Put a backup in the place of this site's data. Heed must be stopped."
    requires_system_checks: list[str] = []  # type: ignore[assignment]  # the present database may be broken

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--yes", action="store_true", help="Replace the site that is there.")

    def handle(self, *, file: Path, yes: bool, **options: Any) -> None:
        try:
            restored = archive.restore(file, now=clock.now(), overwrite=yes)
        except archive.CannotArchive as reason:
            raise CommandError(str(reason)) from None
        manifest = restored.manifest
        self.stdout.write(
            f"Restored {manifest.posts:,} posts and {manifest.people:,} people as of {manifest.made_at:%Y-%m-%d %H:%M} UTC."
        )
        if restored.kept:
            self.stdout.write(f"What was here before is in {restored.kept}.")
        self.stdout.write("Start Heed; it brings the database up to date when the backup is older.")

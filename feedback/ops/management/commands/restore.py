"""`manage.py restore`: make the site what a backup says."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from feedback.kernel import clock
from feedback.ops import archive
from feedback.ops.archive.manifest import SECRET_NAME, Manifest
from feedback.ops.kept_key import kept_key


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
        if why := _trouble_with_key(manifest):
            self.stdout.write(
                f"{why}, or everybody is signed out and codes of apps are set up anew."
            )
        self.stdout.write("Start Heed; it brings the database up to date when the backup is older.")


def _trouble_with_key(manifest: Manifest) -> str:
    """Return what to do so that this site signs with the key of the site that was backed up; "" where it does, as far as is known."""
    has_own = "HEED_SECRET_KEY" in os.environ
    if SECRET_NAME not in manifest.files:
        said = "The secret key is not in this backup: set HEED_SECRET_KEY to that of the site"
        return "" if has_own else said
    if has_own and kept_key() is None:
        where = settings.DATA_DIR / SECRET_NAME
        return f"This site signs with HEED_SECRET_KEY, which is another key than the backup's in {where}: unset it"
    return ""

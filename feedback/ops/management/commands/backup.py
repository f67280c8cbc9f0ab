"""`manage.py backup`: one file that holds the site."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from feedback.kernel import clock
from feedback.ops import archive


class Command(BaseCommand):
    help = "Write database, media and secret key to one verified .tar.gz, while the site runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            nargs="?",
            metavar="FILE",
            help="heed-<date>-<time>.tar.gz unless given",
        )
        parser.add_argument("--replace", action="store_true", help="Replace FILE when it is there.")

    def handle(self, *, file: Path | None, replace: bool, **options: Any) -> None:
        now = clock.now()
        target = (file or Path(f"heed-{now:%Y-%m-%d-%H%M%S}.tar.gz")).absolute()
        try:
            manifest = archive.write(target, now=now, replace=replace)
        except archive.CannotArchive as reason:
            raise CommandError(str(reason)) from None
        size = target.stat().st_size / 1e6
        self.stdout.write(
            f"{target} ({size:.1f} MB): {manifest.posts:,} posts, {manifest.people:,} people, "
            f"{len(manifest.files)} files, read back and compared."
        )
        if not (settings.DATA_DIR / "secret-key").exists():
            self.stdout.write(
                "The secret key is in your environment and not in the backup: keep it too."
            )

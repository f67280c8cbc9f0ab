"""`manage.py backup`: one file that holds the site."""

import datetime as dt
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from feedback.journal.verbs import Verb
from feedback.kernel import clock
from feedback.ops import archive
from feedback.ops.archive import noted, places
from feedback.ops.archive.manifest import SECRET_NAME


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
        parser.add_argument(
            "--to",
            metavar="PLACE",
            help="Keep it at a place instead, under the time's name: a folder or s3://BUCKET/PREFIX.",
        )
        parser.add_argument(
            "--keep",
            metavar="7d,4w,12m",
            help="Then remove the older ones at the PLACE, but the newest of so many days, weeks and months.",
        )
        parser.add_argument("--replace", action="store_true", help="Replace FILE when it is there.")

    def handle(
        self, *, file: Path | None, to: str | None, keep: str | None, replace: bool, **options: Any
    ) -> None:
        now = clock.now()
        try:
            if to is not None:
                self._keep_at(to, keep, file, now=now)
                return
            if keep is not None:
                raise archive.CannotArchive("--keep belongs to a place; add --to PLACE.")
            target = (file or Path(places.name_at(now))).absolute()
            manifest = archive.write(target, now=now, replace=replace)
        except archive.CannotArchive as reason:
            raise CommandError(str(reason)) from None
        self._say(str(target), target, manifest)

    def _keep_at(self, to: str, keep: str | None, file: Path | None, *, now: dt.datetime) -> None:
        if file is not None:
            raise archive.CannotArchive("Give a FILE or --to PLACE, not both.")
        periods = places.periods_of(keep) if keep is not None else None
        place, name = places.place_of(to), places.name_at(now)
        with tempfile.TemporaryDirectory(prefix=".heed-backup-", dir=settings.DATA_DIR) as folder:
            made = Path(folder) / name
            manifest = archive.write(made, now=now)
            try:
                place.put(made, name)
                self._say(f"{to.rstrip('/')}/{name}", made, manifest)
                gone = places.superfluous(place.names(), periods) if periods else []
                for one in gone:
                    place.remove(one)
            except OSError as error:
                raise archive.CannotArchive(f"{to} cannot be written: {error}.") from None
        if periods:
            self.stdout.write(f"{len(gone)} older backups removed.")

    def _say(self, called: str, made: Path, manifest: archive.Manifest) -> None:
        size = made.stat().st_size / 1e6
        self.stdout.write(
            f"{called} ({size:.1f} MB): {manifest.posts:,} posts, {manifest.people:,} people, "
            f"{len(manifest.files)} files, read back and compared."
        )
        if SECRET_NAME not in manifest.files:
            self.stdout.write(
                "The secret key is not in it, for the site has it from its environment (HEED_SECRET_KEY): keep it too."
            )
        name = Path(called).name
        if not noted.note(verb=Verb.BACKED_UP, name=name, now=manifest.made_at):
            self.stderr.write(
                "It could not be noted in the journal, so doctor and /metrics do not know of it."
            )

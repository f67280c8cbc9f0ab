"""`manage.py undo_import`: everything that one import made goes again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.importing.imports.undoing import begin_undo, what_goes
from feedback.importing.imports.working import work_on
from feedback.importing.models import Import
from feedback.kernel import clock
from feedback.kernel.refusals import Refusal

_LISTED = 20


class Command(BaseCommand):
    help = (
        "Undo an import: the posts and asks that it made go, with the people of whom nothing is left. Without an id it lists the imports "
        "there are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", nargs="?", help="Which; the list says.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would go.")
        parser.add_argument(
            "--with-touched",
            action="store_true",
            help="Remove also posts that have votes, replies or decisions of people here by now.",
        )

    def handle(self, *, id: str | None, dry_run: bool, with_touched: bool, **options: Any) -> None:
        if id is None:
            self._list()
            return
        one = Import.objects.filter(public_id=id).first()
        if one is None:
            raise CommandError(f'There is no import "{id}"; without an id the command lists them.')
        goes = what_goes(one)
        words = f"{goes.posts:,} posts by {goes.people:,} people"
        if goes.asks:
            words += f", and {goes.asks:,} asks that it made of posts which stay"
        touched = f"{goes.touched:,} of them have votes, replies or decisions of people here"
        if dry_run:
            self.stdout.write(f"Would go: {words}; {touched}, and stay without --with-touched.")
            return
        try:
            begin_undo(one, takes_touched=with_touched, by=None, now=clock.now())
        except Refusal as why:
            raise CommandError(str(why)) from None
        one.refresh_from_db()
        if not work_on(one):
            raise CommandError("The worker is at it already; the page of imports shows how far.")
        one.refresh_from_db()
        if one.state != Import.State.UNDONE:
            raise CommandError(one.error or "It is not done; the worker goes on with it.")
        self.stdout.write(f"Gone: {one.undone_posts:,} posts and {one.undone_people:,} people.")
        if one.undone_asks:
            self.stdout.write(f"Gone too: {one.undone_asks:,} asks of posts that stay.")
        if left := one.posts().count():
            self.stdout.write(f"{left:,} posts stay: {touched}. --with-touched removes them too.")

    def _list(self) -> None:
        for one in Import.objects.order_by("-id")[:_LISTED]:
            self.stdout.write(
                f"{one.public_id}  {one.made_at:%Y-%m-%d %H:%M}  {one.file_name}: {one.made:,} posts, {one.get_state_display()}"
            )
        if not Import.objects.exists():
            self.stdout.write("Nothing has been imported yet.")

"""`manage.py erase_person`: erase somebody who wrote to the team, an imported author too."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.accounts.models import User
from feedback.accounts.own_data.erasing import ask_erasure, erase_due
from feedback.accounts.own_data.exporting import write_export
from feedback.kernel import clock
from feedback.kernel.identity import site_name
from feedback.kernel.refusals import Refusal


class Command(BaseCommand):
    help = (
        "Erase a person for good, or only write out what is theirs. Whom, says the end of the address of their page, or their e-mail address. "
        "Their words stay, by a former member, unless --words go is given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "person", help="The id in the address of their page, or an e-mail address."
        )
        parser.add_argument(
            "--words", choices=["stay", "go"], default="stay", help="Their posts and comments."
        )
        parser.add_argument(
            "--export",
            type=Path,
            metavar="F.zip",
            help="Write all that is theirs there, and erase nothing.",
        )

    def handle(self, *, person: str, words: str, export: Path | None, **options: Any) -> None:
        one = _person(person)
        now = clock.now()
        if export is not None:
            try:
                with export.open("wb") as file:
                    write_export(one, file, site=site_name(), now=now)
            except OSError as error:
                raise CommandError(f"{export} cannot be written: {error.strerror}.") from None
            self.stdout.write(f"All that is {one.name}'s is in {export}.")
            return
        name = one.name
        try:
            ask_erasure(person=one, keeps_words=words == "stay", actor=None, now=now)
        except Refusal as why:
            raise CommandError(str(why)) from None
        erase_due(now=now)
        self.stdout.write(f"{name} is erased. Their words {words}.")


def _person(said: str) -> User:
    if "@" in said:
        found = User.objects.filter(email=said.strip().lower())
    else:
        found = User.objects.filter(public_id=said)
    one = found.filter(is_active=True).first()
    if one is None:
        raise CommandError(
            f'There is nobody "{said}" here. Give the id at the end of the address of their page, or the address they sign in with.'
        )
    return one

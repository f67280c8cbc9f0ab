"""`manage.py load_sample`: a sample beside what a site has."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.kernel import clock
from feedback.kernel.refusals import Refusal
from feedback.sample import choosing
from feedback.sample.loading import is_loaded, load


class Command(BaseCommand):
    help = "Bring a sample as a product of its own; the worker groups it. Brought twice it is there once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "name", help=f"Which: {', '.join(choosing.names())}; several with commas."
        )

    def handle(self, *, name: str, **options: Any) -> None:
        try:
            wanted = choosing.chosen(name)
        except choosing.UnknownSample as slip:
            raise CommandError(f"It cannot be loaded: {slip}") from None
        for one in wanted:
            was_there = is_loaded(one)
            try:
                loaded = load(name=one, now=clock.now())
            except Refusal as refusal:
                raise CommandError(str(refusal)) from None
            there = "are there already" if was_there else "are there"
            self.stdout.write(f"{loaded.product.name}: {loaded.posts:,} posts {there}.")

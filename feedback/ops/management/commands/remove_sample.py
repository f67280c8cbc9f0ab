"""`manage.py remove_sample`: a sample goes, real people's posts stay."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.forum.models import Product
from feedback.kernel import clock
from feedback.sample.removing import WhatGoes, take_away, what_goes


class Command(BaseCommand):
    help = "Take a sample away with everything it brought. Posts of real people on its boards are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="Which; needed where there are several.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would go.")

    def handle(self, *, name: str | None, dry_run: bool, **options: Any) -> None:
        product = _meant(name)
        if dry_run:
            self.stdout.write(f"Would go: {_words(product, what_goes(product))}")
            return
        title = product.name
        gone = take_away(product=product, by=None, now=clock.now())
        self.stdout.write(f"Gone: {_words(product, gone)}")
        self.stdout.write(
            f"{title} is removed; `manage.py load_sample {product.sample}` brings it back."
        )


def _meant(name: str | None) -> Product:
    """Return the sample that is meant; raises `CommandError`."""
    there = {one.sample: one for one in Product.objects.exclude(sample="")}
    if not there:
        raise CommandError("There is no sample on this site.")
    if name is None and len(there) > 1:
        raise CommandError(f"Say which one: {', '.join(sorted(there))}.")
    wanted = next(iter(there)) if name is None else name.strip().lower()
    if wanted not in there:
        raise CommandError(
            f"The sample “{name}” is not on this site; there is {', '.join(sorted(there))}."
        )
    return there[wanted]


def _words(product: Product, goes: WhatGoes) -> str:
    return (
        f"{goes.posts:,} posts by {goes.people:,} people, {goes.asks:,} asks, {goes.items:,} roadmap items. "
        f"Of real people {goes.kept_posts:,} posts move to the site's own boards; {goes.lost_comments:,} replies "
        f"and {goes.lost_votes:,} votes under the sample's posts go with these."
    )

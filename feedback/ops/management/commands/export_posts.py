"""`manage.py export_posts`: the published posts, with the asks they are in."""

import gzip
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q, QuerySet

from feedback.asks.models import OPEN
from feedback.forum.consents.models import Use, column_of
from feedback.forum.models import Post, Product
from feedback.forum.posts.exporting import exported_row
from feedback.forum.products.queries import within

#: Rows held at a time: an export of a million posts weighs as much as one of a thousand.
_ROWS = 2_000


class Command(BaseCommand):
    help = "Write the published posts into a file, one JSON object a line (.gz is compressed; - is standard output)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, required=True, metavar="F", help="The file.")
        parser.add_argument("--product", metavar="SLUG", help="The posts of one product alone.")
        parser.add_argument(
            "--for",
            dest="use",
            choices=[use.lower() for use in Use],
            help="The posts alone whose authors agree to that; without it those who agree to any use.",
        )

    def handle(
        self, *, output: Path, product: str | None, use: str | None = None, **options: Any
    ) -> None:
        chosen = _product(product) if product is not None else None
        agreed = Use(use.upper()) if use is not None else None
        count = 0
        try:
            with _opened(output) as file:
                for row in exported(chosen, use=agreed):
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                    count += 1
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from None
        if output != Path("-"):
            self.stdout.write(f"{count:,} posts are in {output}.")
        if left_out := _published(chosen).exclude(_agreed(agreed)).count():
            to = f"the use “{agreed.lower()}”" if agreed is not None else "any use of them"
            self.stderr.write(f"Left out: {left_out:,} posts whose authors do not agree to {to}.")


def _published(product: Product | None) -> QuerySet[Post]:
    return Post.objects.filter(within(product, "board__product"), state=Post.State.PUBLISHED)


def _agreed(use: Use | None) -> Q:
    """Return the condition that the author of a post agrees to ``use`` now, or to any."""
    return reduce(or_, (Q(**{column_of(one): True}) for one in ([use] if use else Use)))


def exported(product: Product | None, *, use: Use | None = None) -> Iterator[dict[str, Any]]:
    """Yield the published posts, of one product or of all, oldest first, as rows of an export.

    Those alone whose authors agree now to ``use``, or without one to any.
    """
    posts = _published(product).filter(_agreed(use))
    posts = posts.select_related("board__product", "membership__ask").order_by("pk")
    for post in posts.iterator(chunk_size=_ROWS):
        membership = getattr(post, "membership", None)
        ask = membership.ask if membership is not None and membership.ask.state in OPEN else None
        yield exported_row(post) | {
            "ask": ask.public_id if ask is not None else None,
            "ask_title": ask.title if ask is not None else None,
            "ask_state": ask.state if ask is not None else None,
            "stage": ask.stage if ask is not None else None,
        }


def _product(slug: str) -> Product:
    found = Product.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Product.objects.values_list("slug", flat=True)) or "none yet"
        raise CommandError(f'There is no product "{slug}" (there are: {known}).')
    return found


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """Open ``path`` for writing; a file takes its name once it is whole, so that none is ever half of one."""
    if path == Path("-"):
        with nullcontext(sys.stdout) as file:
            yield file
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}.part")
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(fresh, "wt", encoding="utf-8", newline="\n") as file:
            yield file
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)

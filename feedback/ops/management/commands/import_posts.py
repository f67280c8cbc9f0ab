"""`manage.py import_posts`: take over posts from a file."""

import datetime as dt
import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from rich.console import Console

from feedback.forum.boards.operations import make_board
from feedback.forum.models import Board, Product
from feedback.forum.products.operations import ensure_product
from feedback.importing import run
from feedback.importing.formats import CannotImport, Columns, FieldName
from feedback.kernel import clock
from feedback.ops.progress import Bars


class Command(BaseCommand):
    help = (
        "Make posts of the rows of a file: CSV, TSV or one JSON object a line, also .gz, in UTF-8 or GB18030. "
        "Running it again takes only what is not there yet."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--board", required=True, metavar="SLUG", help="Where the posts go.")
        parser.add_argument(
            "--create-board", action="store_true", help="Make the board when there is none."
        )
        parser.add_argument(
            "--product",
            metavar="SLUG",
            help="What the board is about, where the site has several products; made with --create-board.",
        )
        parser.add_argument(
            "--map",
            default="",
            metavar="FIELD=COLUMN,…",
            help="Which column is which, where its name does not say so. Fields: "
            + ", ".join(FieldName),
        )
        parser.add_argument(
            "--source",
            help="The name under which its rows are known; the file's own name unless given.",
        )
        parser.add_argument(
            "--rejects", type=Path, help="Where rows that cannot be taken are written."
        )
        parser.add_argument("--limit", type=int, metavar="N", help="Read N rows at most.")
        parser.add_argument(
            "--day-first", action="store_true", help="In 3/5/2024 the day comes first."
        )

    def handle(
        self,
        *,
        file: Path,
        board: str,
        create_board: bool,
        product: str | None,
        map: str,
        source: str | None,
        rejects: Path | None,
        limit: int | None,
        day_first: bool,
        **options: Any,
    ) -> None:
        now = clock.now()
        rejects_path = rejects or run.rejects_beside(file)
        columns = Columns(_chosen(map), day_first=day_first, time_zone=ZoneInfo(settings.TIME_ZONE))
        stop = threading.Event()
        previous = (
            signal.signal(signal.SIGINT, lambda *_: stop.set()) if _in_main_thread() else None
        )
        try:
            with Bars(Console(file=self.stdout)) as bars:  # type: ignore[arg-type]
                bar = bars.add("Reading", unit="bytes")
                done = run.import_file(
                    file,
                    board=_board(board, create_board, product, now),
                    source=source or run.source_of(file),
                    columns=columns,
                    rejects_path=rejects_path,
                    now=now,
                    limit=limit,
                    on_progress=lambda progress: bar.show(
                        progress.position, progress.size, note=f"{progress.read:,} rows"
                    ),
                    is_stopped=stop.is_set,
                )
        except (CannotImport, ValueError) as error:
            raise CommandError(str(error)) from None
        finally:
            if previous is not None:
                signal.signal(signal.SIGINT, previous)
        self.stdout.write(_summary(done, rejects_path))
        if stop.is_set():
            raise CommandError("Stopped. The same command goes on where this one ended.")


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _chosen(text: str) -> dict[FieldName, str]:
    """Return field to column from "title=Subject,body=Text"."""
    chosen: dict[FieldName, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        field, mark, column = part.partition("=")
        if not mark or field.strip() not in list(FieldName):
            raise CommandError(
                f'--map takes FIELD=COLUMN with one of {", ".join(FieldName)}; "{part}" is not that.'
            )
        chosen[FieldName(field.strip())] = column.strip()
    return chosen


def _board(slug: str, may_make: bool, product_slug: str | None, now: dt.datetime) -> Board:
    """Return the board, made when there is none and that is allowed, and its product with it."""
    board = Board.objects.select_related("product").filter(slug=slug).first()
    if board is not None:
        if product_slug not in (None, board.product.slug):
            raise CommandError(
                f'The board "{slug}" is one of the product "{board.product.slug}". Slugs are unique on the site: '
                "give another --board, or leave --product out."
            )
        return board
    if not may_make:
        known = ", ".join(Board.objects.values_list("slug", flat=True)) or "none yet"
        raise CommandError(
            f'There is no board "{slug}" (there are: {known}). Add --create-board to make it.'
        )
    return make_board(
        slug=_checked("--board", slug),
        name=_name_of(slug),
        product=_product(product_slug, now) if product_slug else None,
        now=now,
    )


def _product(slug: str, now: dt.datetime) -> Product:
    return ensure_product(slug=_checked("--product", slug), name=_name_of(slug), now=now)


def _checked(option: str, slug: str) -> str:
    try:
        validate_slug(slug)
    except ValidationError:
        raise CommandError(
            f'{option} takes letters, digits, hyphens and underscores; "{slug}" is not that.'
        ) from None
    if len(slug) > 40:
        raise CommandError(f"{option} takes 40 characters at most.")
    return slug


def _name_of(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


def _summary(done: run.Progress, rejects_path: Path) -> str:
    words = [f"{done.read:,} rows read: {done.made:,} became posts"]
    if done.already_there:
        words.append(f"{done.already_there:,} were there already")
    if done.rejected:
        words.append(f"{done.rejected:,} could not be taken and are in {rejects_path}")
    return ", ".join(words) + "."

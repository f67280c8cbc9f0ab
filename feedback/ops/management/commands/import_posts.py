"""`manage.py import_posts`: take over posts from a file."""

import datetime as dt
import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from rich.console import Console

from feedback.accounts.models import User
from feedback.asks.stages import Stage
from feedback.forum.boards.operations import make_board
from feedback.forum.models import Board, Product
from feedback.forum.posts.bulk import check_source
from feedback.forum.products.operations import ensure_product
from feedback.importing import run
from feedback.importing.formats import CannotImport, FileMapping
from feedback.importing.imports.by_command import import_by_command
from feedback.importing.stages import Decided, decide_by_states, stages_from
from feedback.kernel import clock
from feedback.ops.files.reading import add_reading_arguments, described, settings_from, told
from feedback.ops.progress import Bars


class Command(BaseCommand):
    help = (
        "Make posts of the rows of a file: CSV, JSON (an object a line, a list, an object with the list in it), a spreadsheet; "
        "also .gz. Running it again takes only what is not there yet."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--board", metavar="SLUG", help="Where the posts go.")
        parser.add_argument(
            "--create-board", action="store_true", help="Make the board when there is none."
        )
        parser.add_argument(
            "--product",
            metavar="SLUG",
            help="What the board is about, where the site has several products; made with --create-board.",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Write nothing; show what each column is taken for, and three rows.",
        )
        parser.add_argument(
            "--source",
            help="The name under which its rows are known; that of the tool it comes from, or the file's own, unless given.",
        )
        parser.add_argument(
            "--update",
            action="store_true",
            help="A row that is there already and has changed since changes its post.",
        )
        parser.add_argument(
            "--stages",
            metavar="MAP",
            help=(
                'Make asks of rows with a state: "default", or STATE=stage,… with the stages '
                f"{', '.join(stage.lower() for stage in Stage.values)} and none; with --by."
            ),
        )
        parser.add_argument(
            "--by", metavar="EMAIL", help="The product manager who confirms those asks."
        )
        parser.add_argument(
            "--rejects", type=Path, help="Where rows that cannot be taken are written."
        )
        parser.add_argument("--limit", type=int, metavar="N", help="Read N rows at most.")
        add_reading_arguments(parser)

    def handle(self, **options: Any) -> None:
        now = clock.now()
        settings = settings_from(options)
        manager = _manager(options["by"], options["stages"])
        stop = threading.Event()
        previous = (
            signal.signal(signal.SIGINT, lambda *_: stop.set()) if _in_main_thread() else None
        )
        try:
            with Bars(Console(file=self.stdout)) as bars:  # type: ignore[arg-type]
                looking, reading, along, deciding = (
                    bars.add(name, unit="bytes")
                    for name in ("Looking", "Reading", "What comes along", "States")
                )

                def show(progress: run.Progress) -> None:
                    if progress.is_looking and stop.is_set():
                        raise CommandError("Stopped before anything was written.")
                    bar = (
                        looking if progress.is_looking else along if progress.is_along else reading
                    )
                    bar.show(progress.position, progress.size, note=f"{progress.read:,} rows")

                mapping = run.look_at_file(
                    options["file"], settings=settings, now=now, on_progress=show
                )
                if options["dry_run"]:
                    self.stdout.write(described(mapping))
                    return
                stages = _stages(options["stages"], mapping)
                done = self._take(mapping, options, now, show, stop)
                decided = None
                if manager is not None and not stop.is_set():
                    decided = decide_by_states(
                        mapping=mapping,
                        source=options["source"] or run.source_for(mapping),
                        stages=stages,
                        actor=manager,
                        now=done.dated or now,  # the import's own moment: undone with it
                        update=options["update"],
                        on_progress=deciding.show,
                        is_stopped=stop.is_set,
                    )
        except CannotImport as error:
            raise CommandError(told(error)) from None
        except ValueError as error:
            raise CommandError(str(error)) from None
        finally:
            if previous is not None:
                signal.signal(signal.SIGINT, previous)
        self.stdout.write(_summary(done, mapping, takes_changes=options["update"]))
        for line in _decided(decided) if decided is not None else _undecided(done, mapping):
            self.stdout.write(line)
        if stop.is_set():
            raise CommandError("Stopped. The same command goes on where this one ended.")

    def _take(
        self,
        mapping: FileMapping,
        options: dict[str, Any],
        now: dt.datetime,
        show: run.OnProgress,
        stop: threading.Event,
    ) -> run.Progress:
        if not options["board"]:
            raise CommandError("Name the board with --board, or look first with --dry-run.")
        source = options["source"] or run.source_for(mapping)
        check_source(source)
        is_there = Board.objects.filter(slug=options["board"]).exists()
        return import_by_command(
            mapping,
            board=_board(options["board"], options["create_board"], options["product"], now),
            has_made_board=not is_there,
            source=source,
            rejects_path=options["rejects"],
            now=now,
            limit=options["limit"],
            update=options["update"],
            on_progress=show,
            is_stopped=stop.is_set,
        )


def _manager(email: str | None, stages: str | None) -> User | None:
    """Return who confirms the asks that states make, None where none are to be made."""
    if not stages:
        if email:
            raise CommandError("--by says who confirms asks; name the map with --stages.")
        return None
    if not email:
        raise CommandError(
            "--stages makes asks in somebody's name: say which product manager confirms them with --by EMAIL."
        )
    person = User.objects.filter(email__iexact=email.strip()).first()
    if person is None or not person.is_manager:
        raise CommandError(f"{email} is no product manager here; --by takes the address of one.")
    return person


def _stages(words: str | None, mapping: FileMapping) -> dict[str, Stage | None]:
    known = mapping.known
    return stages_from(words, known.states if known else None) if words else {}


def _decided(decided: Decided) -> list[str]:
    lines = [
        f"Asks confirmed: {decided.asks:,}; brought to their stage: {decided.moved:,}; official answers: {decided.answers:,}; "
        f"merged posts kept together: {decided.together:,}. Nobody was told: it is old news."
    ]
    if decided.left:
        lines.append(f"{decided.left:,} were decided about here before, and were left.")
    if decided.unnamed:
        told = ", ".join(f"{state} ({count:,})" for state, count in decided.unnamed.most_common(10))
        lines.append(f"--stages names no stage for: {told}.")
    lines.extend(decided.refused)
    return lines


def _undecided(done: run.Progress, mapping: FileMapping) -> list[str]:
    """Return what states, answers and merges would make, and the flag that makes it."""
    counted = [
        (sum(done.states.values()), "have a state"),
        (done.answered, "an official answer"),
        (done.merged, "were merged into another"),
    ]
    told = [f"{count:,} {what}" for count, what in counted if count]
    if not told:
        return []
    has_usual = mapping.known is not None and bool(mapping.known.states)
    words = "default" if has_usual else "STATE=planned,STATE=shipped"
    return [
        f"Of the rows {', '.join(told)}. --stages {words} --by EMAIL makes confirmed asks of them."
    ]


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


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


def _summary(done: run.Progress, mapping: FileMapping, *, takes_changes: bool) -> str:
    words = [f"{done.read:,} rows read: {done.made:,} became posts"]
    if done.already_there:
        words.append(f"{done.already_there:,} were there already")
    if done.rejected:
        words.append(f"{done.rejected:,} could not be taken and are in {done.rejects_path}")
    lines = [", ".join(words) + "."]
    if mapping.left_out and mapping.known:
        lines.append(f"{mapping.left_out:,} rows are no posts: {mapping.known.left_out}.")
    if done.comments:
        lines.append(f"{done.comments:,} comments came along.")
    if done.orphaned:
        lines.append(
            f"{done.orphaned:,} comments answer posts that are not here. Import the posts, then this file again."
        )
    if done.updated:
        lines.append(f"{done.updated:,} posts say now what their changed rows say.")
    if done.changed:
        why = (
            "as their authors have claimed them and answer for their words here."
            if takes_changes
            else "--update takes the changes over."
        )
        lines.append(
            f"{done.changed:,} of those already there differ from their posts, which were left; {why}"
        )
    if done.undated:
        lines.append(
            f"{done.undated:,} rows have no date: their posts are dated {done.dated:%Y-%m-%d %H:%M} UTC, the time of this import."
        )
    lines.extend(note for note in mapping.notes[:1] if not done.undated)
    return "\n".join(lines)

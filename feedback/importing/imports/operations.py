"""What a person does with an import: bring a file, say what is what, start, stop, go on, mend rows, undo all of it."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.forum.boards.operations import open_board
from feedback.forum.models import Board, Product
from feedback.forum.posts.bulk import is_source
from feedback.forum.queries import imported_posts
from feedback.importing.formats import Field
from feedback.importing.formats.rows import text_of
from feedback.importing.imports import folder
from feedback.importing.imports.deciding import chosen_stages
from feedback.importing.imports.said import answered
from feedback.importing.imports.undoing import anything_came_of, begin_undo
from feedback.importing.models import Import, RefusedRow
from feedback.importing.run import source_of
from feedback.kernel import doorbell
from feedback.kernel.refusals import Refusal

State = Import.State
#: In which states something may be said of the file, and it may be looked at again.
_OPEN = (State.LOOKING, State.ASKING, State.READY)
_SLUG_LENGTH = 40


@by_manager
def receive_file(*, arrived: Path, name: str, size: int, actor: User, now: dt.datetime) -> Import:
    """Take over the file that ``arrived`` in the data folder, and have it looked at."""
    name = folder.plain_name(name)
    with transaction.atomic():
        one = Import.objects.create(
            file_name=name,
            size=size,
            source=source_of(Path(name)),
            started_by=actor,
            language=get_language() or "",
            made_at=now,
        )
        folder.keep(arrived, one)
        _ring()
    return one


@by_manager
@transaction.atomic
def say_of_file(*, of: Import, said: Mapping[str, Any], actor: User, now: dt.datetime) -> None:
    """Have the file looked at again with what a person ``said`` of it. Raises `Refusal`."""
    one = _held(of, (*_OPEN, State.FAILED))
    if one.started_at is not None:
        raise Refusal(
            _("Rows of this file were taken as it was read before: undo the import first.")
        )
    one.said, one.state, one.error = dict(said), State.LOOKING, ""
    one.language = get_language() or ""
    one.save(update_fields=["said", "state", "error", "language", *one.taken_from_its_worker()])
    _ring()


@by_manager
def answer_question(*, of: Import, answer: str, actor: User, now: dt.datetime) -> None:
    """Answer the question that the file leaves open. Raises `Refusal`."""
    question = of.found.get("question") or {}
    if not answer.strip():
        raise Refusal(_("Choose an answer."), status=422)
    setting = str(question.get("setting", ""))
    say_of_file(of=of, said=answered(of, setting, answer), actor=actor, now=now)


@by_manager
@transaction.atomic
def start_import(
    *,
    of: Import,
    board: Board | None,
    source: str,
    takes_changes: bool,
    actor: User,
    now: dt.datetime,
    new_board: str = "",
    product: Product | None = None,
    stages: Mapping[str, str] | None = None,
) -> None:
    """Have the rows of the file made posts on ``board``, or on one that is made and called ``new_board``.

    With ``stages`` (state to stage, "" for none) asks are made of their states, answers and merges in ``actor``'s name, who
    confirms the map by starting. Raises `Refusal`.
    """
    one = _held(of, (State.READY,))
    source = " ".join(source.split())
    if not is_source(source):
        raise Refusal(
            _("A source is a short name without “:” and “#”, such as play-store."), status=422
        )
    one.makes_asks = stages is not None
    one.stages = chosen_stages(one, stages) if stages is not None else {}
    one.has_made_board = board is None
    if board is None:
        if not new_board.strip() or product is None:
            raise Refusal(_("Choose a board, or write what a new one is called."), status=422)
        board = open_board(
            slug=_free_slug(new_board, source),
            name=new_board,
            product=product,
            actor=actor,
            now=now,
        )
    one.board, one.source, one.takes_changes = board, source, takes_changes
    one.state, one.started_by, one.started_at = State.RUNNING, actor, now
    one.save()
    _ring()


@by_manager
@transaction.atomic
def stop_import(*, of: Import, actor: User, now: dt.datetime) -> None:
    """Have an import that runs end after the present batch; what it made stays. Raises `Refusal`."""
    one = _held(of, (State.RUNNING,))
    one.state = State.STOPPED
    one.save(update_fields=["state"])


@by_manager
@transaction.atomic
def go_on(*, of: Import, actor: User, now: dt.datetime) -> None:
    """Have an import that was stopped or failed go on where it was. Raises `Refusal`."""
    one = _held(of, (State.STOPPED, State.FAILED))
    if not one.is_uploaded:
        raise Refusal(_("It was begun at the command line: run the same command again."))
    one.state = State.LOOKING if one.started_at is None else State.RUNNING
    one.error, one.finished_at, one.attempts_before = "", None, one.attempts
    one.save(update_fields=["state", "error", "finished_at", "attempts_before"])
    _ring()


@by_manager
@transaction.atomic
def mend_row(*, row: RefusedRow, values: Mapping[str, str], actor: User, now: dt.datetime) -> None:
    """Have a refused row tried again with other ``values`` by column. Raises `Refusal`."""
    one = _held(row.of, (State.DONE, State.STOPPED, State.FAILED))
    if not one.is_uploaded:
        raise Refusal(_("Mend this row in the rejects file beside yours, and import that file."))
    row = RefusedRow.objects.select_for_update().get(pk=row.pk)
    if row.state == RefusedRow.State.MENDED:
        raise Refusal(_("This row is mended already."))
    before: dict[str, Any] = json.loads(row.said)
    # What was left as it was shown keeps its type.
    changed = {
        name: value for name, value in values.items() if text_of(before.get(name)) != value.strip()
    }
    _refuse_another_s_id(one, changed)
    row.said, row.state = json.dumps(before | changed), RefusedRow.State.WAITING
    row.save(update_fields=["said", "state"])
    _ring()


@by_manager
def undo_import(*, of: Import, takes_touched: bool, actor: User, now: dt.datetime) -> None:
    """Have everything removed that an import made; with ``takes_touched`` also what people have touched since. Raises `Refusal`."""
    begin_undo(of, takes_touched=takes_touched, by=actor, now=now)


@by_manager
@transaction.atomic
def discard_import(*, of: Import, actor: User, now: dt.datetime) -> None:
    """Forget a file of which nothing was taken, or an import that is undone. Raises `Refusal`."""
    one = _held(of, (*_OPEN, State.FAILED, State.UNDONE))
    if anything_came_of(one):
        raise Refusal(_("Posts came of it: undo it first."))
    transaction.on_commit(lambda: folder.forget(one))
    one.delete()


def _held(of: Import, states: tuple[str, ...]) -> Import:
    """Return ``of`` as it is now, with its row held. Raises `Refusal` when it is in none of ``states``."""
    one = Import.objects.select_for_update().get(pk=of.pk)
    if one.state not in states:
        raise Refusal(
            _("This cannot be done now: the import is %(state)s.")
            % {"state": State(one.state).label}
        )
    return one


def _refuse_another_s_id(one: Import, changed: Mapping[str, str]) -> None:
    """Raises `Refusal` where a row is given the id of a post that is there: it would change another's words."""
    columns = one.found.get("columns", [])
    name = next((each["name"] for each in columns if each["field"] == Field.EXTERNAL_ID), "")
    wanted = changed.get(name, "").strip()
    there = imported_posts(one.source, [wanted])
    if one.takes_changes and wanted and there.exists():
        raise Refusal(
            _("There is a post with the id %(id)s: with it this row would change that post.")
            % {"id": wanted},
            status=422,
        )


def _free_slug(name: str, source: str) -> str:
    """Return an address for a new board that no other has."""
    base = slugify(name)[:_SLUG_LENGTH] or slugify(source)[:_SLUG_LENGTH] or "import"
    taken = set(Board.objects.filter(slug__startswith=base[:30]).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug = f"{base[: _SLUG_LENGTH - 4]}-{number}"
        number += 1
    return slug


def _ring() -> None:
    doorbell.ring("importing.work_on_imports")

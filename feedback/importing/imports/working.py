"""What the worker does for imports: looks at a file, takes its rows, tries mended ones again, undoes. One import at a time.

Each can be killed at any moment: a look begins anew, an import goes on behind its last batch, undoing goes on with what is
still there.
"""

import datetime as dt
import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from feedback.forum.models import Board
from feedback.importing.formats import CannotImport, FileMapping, Undecided
from feedback.importing.imports import folder
from feedback.importing.imports.deciding import decide
from feedback.importing.imports.mending import try_mended
from feedback.importing.imports.recording import Recorder
from feedback.importing.imports.said import settings_of
from feedback.importing.imports.showing import shown_mapping, shown_question
from feedback.importing.imports.undoing import remove_what_it_made
from feedback.importing.models import Import, RefusedRow, Stretch, at_work
from feedback.importing.run import import_file, look_at_file, source_for
from feedback.kernel import clock
from feedback.kernel.leases import Lease, TakenOver, claim, free

logger = logging.getLogger(__name__)

State = Import.State
#: A worker that is killed is taken for dead after this.
LEASE = dt.timedelta(seconds=60)
#: So many workers may die over one import before it fails.
ATTEMPTS = 20
#: Seconds between two looks whether somebody stopped an import, or waits to have a file looked at.
LOOKS_EVERY = 1.0
_AT_WORK = (State.LOOKING, State.RUNNING, State.UNDOING)
#: Files are kept so long after their import.
KEPT = dt.timedelta(days=30)

#: The file that this process looked at last: starting its import need not look again.
_looked_at: dict[tuple[str, str], FileMapping] = {}


def work_on_next(*, now: dt.datetime) -> bool:
    """Take up the next import for which there is something to do; return whether there was one."""
    due = Import.objects.filter(at_work()).filter(free(now))
    # Whoever waits to see what a file is, waits before a page.
    one = due.filter(state=State.LOOKING).order_by("id").first() or due.order_by("id").first()
    if one is None:
        return False
    if one.state == State.RUNNING and not one.is_uploaded:
        # Its command was killed, and only the command can read its file.
        due.filter(pk=one.pk, attempts=one.attempts).update(state=State.STOPPED)
        return True
    lease = claim(due, one, lasts=LEASE)
    if lease is None:
        return True
    _carry_out(lease)
    return True


def work_on(one: Import) -> bool:
    """Do what is to be done for ``one`` here and now, and not in the worker; return False when a worker is at it."""
    due = Import.objects.filter(at_work()).filter(free(clock.now()))
    lease = claim(due, one, lasts=LEASE)
    if lease is not None:
        _carry_out(lease)
    return lease is not None


def _carry_out(lease: Lease[Import]) -> None:
    one = lease.row
    if lease.is_spent(ATTEMPTS, since=one.attempts_before):
        return
    with translation.override(one.language or settings.LANGUAGE_CODE):
        try:
            with lease.kept_alive():
                if one.state == State.LOOKING:
                    _look(lease)
                elif one.state == State.RUNNING:
                    _take(lease)
                elif one.state == State.UNDOING:
                    _undo(lease)
                else:
                    _try_mended(lease)
        except TakenOver:
            logger.info("%s is another's by now, or somebody said more of it.", one)
        except CannotImport as why:
            _fail(lease, _without_path(str(why), one))
        except DatabaseError:
            raise  # busy, or away: the lease ends and the import goes on
        except Exception as error:
            logger.exception("%s failed", one)
            _fail(lease, f"{type(error).__name__}: {error}")


def _fail(lease: Lease[Import], why: str) -> None:
    waiting = RefusedRow.objects.filter(of=lease.row, state=RefusedRow.State.WAITING)
    if lease.row.state in _AT_WORK:
        waiting.update(state=RefusedRow.State.REFUSED)
        lease.end(
            state=State.FAILED,
            error=why[:2000],
            finished_at=clock.now(),
            attempts_before=lease.attempt,
        )
    else:  # what is done stays done: only its mended rows cannot be tried
        waiting.update(state=RefusedRow.State.REFUSED, reason=why[:2000])
        lease.end(attempts_before=lease.attempt)


# --- Looking -----------------------------------------------------------------------------------------------
def _look(lease: Lease[Import]) -> None:
    one = lease.row
    try:
        mapping = _mapping(lease)
    except Undecided as undecided:
        question = shown_question(undecided.question)
        _ask(lease, question)
    except CannotImport as why:
        if not why.setting:
            raise
        _ask(lease, {"setting": why.setting, "sentence": str(why), "choices": []})
    else:
        lease.end(
            state=State.READY,
            found=shown_mapping(mapping),
            rows=mapping.rows,
            source=source_for(mapping),
            position=one.size,
            attempts_before=lease.attempt,
        )


def _ask(lease: Lease[Import], question: Mapping[str, Any]) -> None:
    sentence = _without_path(question["sentence"], lease.row)
    lease.end(
        state=State.ASKING,
        found={"question": {**question, "sentence": sentence}},
        attempts_before=lease.attempt,
    )


def _mapping(lease: Lease[Import]) -> FileMapping:
    """Return what the file is taken for. Raises `CannotImport`, `Undecided` and `TakenOver`."""
    one = lease.row
    key = (one.public_id, json.dumps([one.said, one.language], sort_keys=True))
    if key not in _looked_at:
        path = folder.path_of(one)
        if not path.exists():
            raise CannotImport(_("The file is no longer there; bring it again."))
        every = _NowAndThen()
        mapping = look_at_file(
            path,
            settings=settings_of(one.said),
            now=clock.now(),
            on_progress=lambda progress: every(lambda: lease.renew(position=progress.position)),
        )
        _looked_at.clear()
        _looked_at[key] = mapping
    return _looked_at[key]


def _without_path(sentence: str, one: Import) -> str:
    """Return ``sentence`` with the file as the person knows it."""
    return sentence.replace(str(folder.path_of(one)), one.file_name)


class _NowAndThen:
    """Does something when it has not been done for a second."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def __call__(self, act: Callable[[], object]) -> None:
        if time.monotonic() - self._at >= LOOKS_EVERY:
            act()
            self._at = time.monotonic()


# --- Taking --------------------------------------------------------------------------------------------------
def _take(lease: Lease[Import]) -> None:
    one = lease.row
    mapping = _mapping(lease)
    every, stopped = _NowAndThen(), False

    def is_stopped() -> bool:
        nonlocal stopped

        def look() -> None:
            nonlocal stopped
            stopped = not Import.objects.filter(pk=one.pk, state=State.RUNNING).exists()
            _look_at_others(one)

        every(look)
        return stopped

    if one.is_deciding:
        moment = Stretch.begin(one, now=clock.now())
    else:
        moment = _take_rows(lease, mapping, is_stopped)
    if one.makes_asks and not stopped:
        lease.renew(is_deciding=True)
        decide(lease, mapping, moment=moment, now_and_then=_NowAndThen(), is_stopped=is_stopped)
    if stopped:
        lease.end(attempts_before=lease.attempt)
    else:
        _end(lease, State.RUNNING, state=State.DONE, finished_at=clock.now())


def _take_rows(
    lease: Lease[Import], mapping: FileMapping, is_stopped: Callable[[], bool]
) -> dt.datetime:
    """Make posts of the rows; return the moment at which they arrived."""
    one = lease.row
    board = _board_of(one)
    recorder = Recorder(
        one,
        now=clock.now(),
        write=lambda figures: lease.renew(**figures),
        encoding=mapping.shape.looked.encoding,
    )
    done = import_file(
        mapping,
        board=board,
        source=one.source,
        now=recorder.moment,
        actor=one.started_by,
        update=one.takes_changes,
        skip=one.read,
        writes_rejects=False,
        on_progress=recorder.report,
        on_refused=recorder.refused,
        on_written=recorder.written,
        is_stopped=is_stopped,
    )
    recorder.finish(done)
    return recorder.moment


def _end(lease: Lease[Import], was: str, **values: object) -> None:
    """Let the import go with ``values``; without them where it is no longer in the state that it ``was`` in."""
    with transaction.atomic():
        now_is = Import.objects.select_for_update().get(pk=lease.row.pk).state
        lease.end(attempts_before=lease.attempt, **(values if now_is == was else {}))


def _look_at_others(one: Import) -> None:
    """Look at files that arrived meanwhile: nobody waits before a page until a million rows are through."""
    waiting = Import.objects.filter(free(clock.now()), state=State.LOOKING).exclude(pk=one.pk)
    if waiting.exists():
        work_on_next(now=clock.now())


# --- Mended rows ---------------------------------------------------------------------------------------------
def _try_mended(lease: Lease[Import]) -> None:
    try_mended(lease, mapping=_mapping(lease), board=_board_of(lease.row))
    lease.end(attempts_before=lease.attempt)


def _board_of(one: Import) -> Board:
    """Raises `CannotImport` when it is gone."""
    if one.board is None:
        raise CannotImport(_("Its board is gone; bring the file again."))
    return one.board


# --- Undoing --------------------------------------------------------------------------------------------------
def _undo(lease: Lease[Import]) -> None:
    one = lease.row

    def gone(posts: int, people: int, asks: int) -> None:
        lease.renew(
            undone_posts=F("undone_posts") + posts,
            undone_people=F("undone_people") + people,
            undone_asks=F("undone_asks") + asks,
        )

    remove_what_it_made(one, now=clock.now(), on_progress=gone)
    lease.end(state=State.UNDONE, finished_at=clock.now(), attempts_before=lease.attempt)


# --- Tidying --------------------------------------------------------------------------------------------------
def tidy(*, now: dt.datetime) -> None:
    """Remove the files of imports that nothing was done with for long, and what arrived and never became an import."""
    idle = Import.objects.filter(is_uploaded=True).exclude(at_work())
    for one in idle.filter(finished_at__lt=now - KEPT) | idle.filter(
        finished_at=None, made_at__lt=now - KEPT
    ):
        folder.forget(one)
    known = set(Import.objects.values_list("public_id", flat=True))
    for path in folder.folder().iterdir():
        is_old = path.stat().st_mtime < (now - dt.timedelta(days=1)).timestamp()
        if is_old and path.name not in known:
            if path.is_dir():
                folder.remove(path)
            else:
                path.unlink(missing_ok=True)

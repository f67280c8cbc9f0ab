"""An import at the command line: it leaves the same traces as one of the page, and is undone like it."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.db.models import Q

from feedback.forum.models import Board
from feedback.importing.formats import FileMapping
from feedback.importing.imports.folder import plain_name
from feedback.importing.imports.recording import Recorder
from feedback.importing.imports.showing import shown_mapping
from feedback.importing.imports.working import LEASE
from feedback.importing.models import Import
from feedback.importing.run import OnProgress, Progress, import_file
from feedback.kernel import clock
from feedback.kernel.leases import free

State = Import.State


def import_by_command(
    mapping: FileMapping,
    *,
    board: Board,
    has_made_board: bool,
    source: str,
    now: dt.datetime,
    rejects_path: Path | None,
    limit: int | None,
    update: bool,
    on_progress: OnProgress,
    is_stopped: Callable[[], bool],
) -> Progress:
    """Do `import_file`, and keep what came of it as an `Import`. The same command again goes on with the same one.

    Raises what `import_file` raises; the import is kept as failed then.
    """
    one = _begun(mapping, board=board, source=source, now=now)
    one.has_made_board |= has_made_board
    one.takes_changes = update
    one.save(update_fields=["has_made_board", "takes_changes"])

    def write(figures: Mapping[str, Any]) -> None:
        Import.objects.filter(pk=one.pk).update(leased_until=clock.now() + LEASE, **figures)

    try:
        recorder = Recorder(
            one,
            now=now,
            write=write,
            encoding=mapping.shape.looked.encoding,
            from_the_start=True,
        )

        def progressed(progress: Progress) -> None:
            recorder.report(progress)
            on_progress(progress)

        done = import_file(
            mapping,
            board=board,
            source=source,
            rejects_path=rejects_path,
            now=recorder.moment,
            limit=limit,
            update=update,
            on_progress=progressed,
            is_stopped=is_stopped,
            on_refused=recorder.refused,
            on_written=recorder.written,
        )
        recorder.finish(done)
    except Exception as error:
        _end(one, state=State.FAILED, error=str(error)[:2000])
        raise
    _end(one, state=State.STOPPED if is_stopped() else State.DONE)
    return done


def _begun(mapping: FileMapping, *, board: Board, source: str, now: dt.datetime) -> Import:
    """Return the import that goes on, or a new one."""
    path = mapping.shape.path
    known = {"file_name": plain_name(path.name), "source": source, "board": board}
    cut_short = Import.objects.filter(is_uploaded=False, **known).filter(
        Q(state__in=[State.STOPPED, State.FAILED]) | (Q(state=State.RUNNING) & free(now))
    )
    one = cut_short.order_by("-id").first() or Import(is_uploaded=False, made_at=now, **known)
    one.state, one.started_at, one.finished_at, one.error = State.RUNNING, now, None, ""
    one.leased_until, one.read, one.seen = clock.now() + LEASE, 0, 0
    one.size, one.rows, one.found = mapping.shape.looked.size, mapping.rows, shown_mapping(mapping)
    one.save()
    return one


def _end(one: Import, *, state: str, error: str = "") -> None:
    Import.objects.filter(pk=one.pk).update(
        state=state, error=error, finished_at=clock.now(), leased_until=None
    )

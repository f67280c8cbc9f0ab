"""Rows that were refused, mended by a person, and tried again: each is there whole, or refused with the reason."""

import json
import logging
from dataclasses import replace

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from feedback.forum.comments.bulk import CommentsBrought
from feedback.forum.models import Board
from feedback.forum.posts import bulk
from feedback.forum.queries import imported_posts
from feedback.importing import along
from feedback.importing.formats import FileMapping, PostRow
from feedback.importing.formats.refusals import ValueUnreadable
from feedback.importing.formats.rows import Row
from feedback.importing.imports.deciding import decide_mended
from feedback.importing.models import Import, RefusedRow, Stretch
from feedback.importing.run import as_import_row
from feedback.kernel import clock
from feedback.kernel.leases import Lease, TakenOver

logger = logging.getLogger(__name__)


def try_mended(lease: Lease[Import], *, mapping: FileMapping, board: Board) -> None:
    """Take the rows of an import that wait to be tried again."""
    one, mended = lease.row, _Mended(lease, mapping, board)
    for row in RefusedRow.objects.filter(of=one, state=RefusedRow.State.WAITING).order_by("line"):
        if reason := mended.why_not(row):
            RefusedRow.objects.filter(pk=row.pk).update(
                state=RefusedRow.State.REFUSED, reason=reason
            )


class _Mended:
    def __init__(self, lease: Lease[Import], mapping: FileMapping, board: Board) -> None:
        self._lease, self._mapping, self._board = lease, mapping, board
        self._reader = mapping.reader()
        self._moment = Stretch.begin(lease.row, now=clock.now())

    def why_not(self, row: RefusedRow) -> str:
        """Take one row; return why it cannot be taken, "" where it is. One that breaks is refused, and the others are tried."""
        try:
            read = self._reader.read(Row(row.line, json.loads(row.said)))
            # The post, what comes along, the row's being mended and its ask: all of it or nothing.
            with transaction.atomic():
                return self._take(row, read)
        except ValueUnreadable as unreadable:
            return str(unreadable)
        except (TakenOver, OperationalError, InterfaceError):
            raise  # the import is another's, or the database is busy or away
        except Exception as error:
            logger.exception("%s, %s", self._lease.row, row)
            return f"{type(error).__name__}: {error}"[:2000]

    def _take(self, row: RefusedRow, read: PostRow) -> str:
        one = self._lease.row
        if read.comment_on:
            brought = self._bring_along(read)
            if brought.orphaned:
                return _("there is no post %(id)s that it could answer") % {"id": read.comment_on}
            self._done(row, made=0)
            return ""
        if read.is_id_made:
            read = replace(read, external_id=self._free_id(read.external_id))
        if not one.takes_changes and self._is_there(read.external_id):
            if read.is_id_made:
                return _("there is a post that says the same already")
            return _("there is a post with the id %(id)s already") % {"id": read.external_id}
        reasons: list[str] = []
        result = bulk.import_rows(
            [as_import_row(read, self._mapping)],
            board=self._board,
            source=one.source,
            now=self._moment,
            actor=one.started_by,
            update=one.takes_changes,
            on_reject=lambda rejected, reason: reasons.append(reason),
        )
        if reasons:
            return reasons[0]
        self._bring_along(read)
        self._done(row, made=result.made)
        decided = decide_mended(one, read, moment=self._moment)
        self._lease.renew(decided=decided)
        one.decided = decided
        return ""

    def _bring_along(self, read: PostRow) -> CommentsBrought:
        return along.bring(
            [read], mapping=self._mapping, source=self._lease.row.source, now=self._moment
        )

    def _done(self, row: RefusedRow, *, made: int) -> None:
        RefusedRow.objects.filter(pk=row.pk).update(state=RefusedRow.State.MENDED)
        self._lease.renew(refused=F("refused") - 1, made=F("made") + made)

    def _is_there(self, external_id: str) -> bool:
        return imported_posts(self._lease.row.source, [external_id]).exists()

    def _free_id(self, made: str) -> str:
        """Return an id that no post of this import has: rows of a file that say the same are posts of their own."""
        own = self._lease.row.posts()
        free, number = made, 2
        while own.filter(external_id=free).exclude(external_id="").exists():
            free, number = f"{made}-{number}", number + 1
        return free

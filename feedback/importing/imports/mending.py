"""Rows that were refused, mended by a person, and tried again: each is there whole, or refused with the reason."""

import json
from dataclasses import replace

from django.db.models import F
from django.utils.translation import gettext as _

from feedback.forum.comments.bulk import CommentsBrought
from feedback.forum.models import Board, Post
from feedback.forum.posts import bulk
from feedback.importing import along
from feedback.importing.formats import FileMapping, PostRow
from feedback.importing.formats.refusals import ValueUnreadable
from feedback.importing.formats.rows import Row
from feedback.importing.imports.deciding import decide_mended
from feedback.importing.models import Import, RefusedRow, Stretch
from feedback.importing.run import as_import_row
from feedback.kernel import clock
from feedback.kernel.leases import Lease


def try_mended(lease: Lease[Import], *, mapping: FileMapping, board: Board) -> None:
    """Take the rows of an import that wait to be tried again."""
    one, reader = lease.row, mapping.reader()
    mended = _Mended(lease, mapping, board)
    for row in RefusedRow.objects.filter(of=one, state=RefusedRow.State.WAITING).order_by("line"):
        try:
            reason = mended.take(row, reader.read(Row(row.line, json.loads(row.said))))
        except ValueUnreadable as unreadable:
            reason = str(unreadable)
        if reason:
            RefusedRow.objects.filter(pk=row.pk).update(
                state=RefusedRow.State.REFUSED, reason=reason
            )


class _Mended:
    def __init__(self, lease: Lease[Import], mapping: FileMapping, board: Board) -> None:
        self._lease, self._mapping, self._board = lease, mapping, board
        self._moment = Stretch.begin(lease.row, now=clock.now())

    def take(self, row: RefusedRow, read: PostRow) -> str:
        """Take one row; return why it cannot be taken, "" where it is."""
        one = self._lease.row
        if read.comment_on:
            brought = self._bring_along(read)
            if brought.orphaned:
                return _("there is no post %(id)s that it could answer") % {"id": read.comment_on}
            self._done(row, made=0)
            return ""
        if read.is_id_made:
            read = replace(read, external_id=self._free_id(read.external_id))
        elif not one.takes_changes and self._is_there(read.external_id):
            return _("there is a post with the id %(id)s already") % {"id": read.external_id}
        reasons: list[str] = []

        def written(made: int) -> None:
            # With the post or not at all: killed here, the row is tried once more and finds no post of its own.
            self._bring_along(read)
            self._done(row, made=made)

        result = bulk.import_rows(
            [as_import_row(read, self._mapping)],
            board=self._board,
            source=one.source,
            now=self._moment,
            actor=one.started_by,
            update=one.takes_changes,
            on_reject=lambda rejected, reason: reasons.append(reason),
            on_written=written,
        )
        if reasons:
            return reasons[0]
        if not result.made:  # it was there, and says now what the row says
            self._bring_along(read)
            self._done(row, made=0)
        one.decided = decide_mended(one, read, moment=self._moment)
        self._lease.renew(decided=one.decided)
        return ""

    def _bring_along(self, read: PostRow) -> CommentsBrought:
        return along.bring(
            [read], mapping=self._mapping, source=self._lease.row.source, now=self._moment
        )

    def _done(self, row: RefusedRow, *, made: int) -> None:
        RefusedRow.objects.filter(pk=row.pk).update(state=RefusedRow.State.MENDED)
        self._lease.renew(refused=F("refused") - 1, made=F("made") + made)

    def _is_there(self, external_id: str) -> bool:
        return Post.objects.filter(source=self._lease.row.source, external_id=external_id).exists()

    def _free_id(self, made: str) -> str:
        """Return an id that no post has: rows that say the same are posts of their own."""
        free, number = made, 2
        while self._is_there(free):
            free, number = f"{made}-{number}", number + 1
        return free

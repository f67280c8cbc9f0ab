"""Keeping of an import what it has come to, while it runs: figures with each batch, and the rows that could not be taken."""

import datetime as dt
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from feedback.importing.formats import Refused
from feedback.importing.models import Import, RefusedRow, Stretch
from feedback.importing.rejects import AS_IT_WAS
from feedback.importing.run import Progress

#: Refused rows that are written at once, and seconds between two reports of what makes no posts.
_AT_ONCE = 200
_REPORTED_EVERY = 1.0
#: Figures to which each stretch adds.
_ADDED = ("changed", "updated", "undated", "others", "comments")


class Recorder:
    """Keeps what one stretch of an import comes to. Figures go on from what earlier stretches left.

    ``write`` writes figures to the import's row; a worker's raises `TakenOver` when the import is another's by now.
    ``from_the_start``: the rows that earlier stretches took are read again, and found to be there already.
    """

    def __init__(
        self,
        one: Import,
        *,
        now: dt.datetime,
        write: Callable[[Mapping[str, Any]], None],
        encoding: str,
        from_the_start: bool = False,
    ) -> None:
        self.moment = Stretch.begin(one, now=now)
        self._one, self._write, self._encoding = one, write, encoding
        self._again = from_the_start
        self._begins = {name: getattr(one, name) for name in _ADDED}
        self._made = one.made
        self._refused: list[Refused] = []
        self._refused_count: int | None = None
        self._reported_at = 0.0
        self._read = one.read

    def refused(self, row: Refused) -> None:
        """Keep a row that cannot be taken."""
        self._refused.append(row)
        if len(self._refused) >= _AT_ONCE:
            with transaction.atomic():
                self._write_refused()

    def written(self, progress: Progress, made: int) -> None:
        """Keep the figures in the transaction of a batch: killed after it, the import goes on behind it."""
        self._made += made
        self._read = progress.read
        self._write_refused()
        self._write(self._figures(progress))
        self._reported_at = time.monotonic()

    def report(self, progress: Progress) -> None:
        """Keep how far reading has come, now and then. Rows count as through with their batch alone."""
        if time.monotonic() - self._reported_at < _REPORTED_EVERY:
            return
        self._reported_at = time.monotonic()
        self._write({"seen": progress.read})

    def finish(self, progress: Progress) -> None:
        """Keep what it came to: all rows that were read are through, also those that an earlier worker read."""
        self._read = max(self._read, progress.read)
        with transaction.atomic():
            self._write_refused()
            self._write(self._figures(progress))

    def _figures(self, progress: Progress) -> dict[str, Any]:
        if self._refused_count is None:
            rows = RefusedRow.objects.filter(of=self._one)
            self._refused_count = rows.exclude(state=RefusedRow.State.MENDED).count()
        refused = self._refused_count
        figures = {name: self._begins[name] + getattr(progress, name) for name in _ADDED}
        if self._again:
            figures = {name: getattr(progress, name) for name in _ADDED}
        return figures | {
            "made": self._made,
            "read": self._read,
            "seen": progress.read,
            "orphaned": progress.orphaned,
            "refused": refused,
            "already_there": max(0, self._read - self._made - refused - figures["others"]),
        }

    def _write_refused(self) -> None:
        if not self._refused:
            return
        RefusedRow.objects.bulk_create(
            [_kept(row, self._one, self._encoding) for row in self._refused],
            ignore_conflicts=True,
        )
        self._refused, self._refused_count = [], None


def _kept(row: Refused, of: Import, encoding: str) -> RefusedRow:
    return RefusedRow(
        of=of,
        line=row.line,
        reason=row.reason.encode("utf-8", "replace").decode("utf-8").replace("\x00", ""),
        said=json.dumps(dict(row.values), default=str),
        raw=row.raw.encode(encoding, AS_IT_WAS),
    )

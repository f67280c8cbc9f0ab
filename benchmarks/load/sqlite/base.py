"""Django's SQLite, which notes how long a transaction held the one writer, from having it to having given it back.

A line a transaction goes to a file of its process in the folder HEED_BENCH_HELD: the moment (seconds since 1970), milliseconds, and
for a long one where in the application it ended. A statement outside any transaction is wrapped in one, as SQLite does by itself: what
it waited is not what it held.
"""

import json
import os
import sys
import time
from types import FrameType
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.base import *  # noqa: F403

_FOLDER = os.environ.get("HEED_BENCH_HELD", "")
_ALONE = ("UPDATE", "DELETE", "INSERT", "REPLACE")
#: Milliseconds from which it is said where.
_LONG = 50.0


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows since when it holds the writer."""

    _since: float | None = None

    def get_new_connection(self, conn_params: Any) -> Any:
        connection = super().get_new_connection(conn_params)
        if self._alone not in self.execute_wrappers:
            self.execute_wrappers.append(self._alone)
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        super()._start_transaction_under_autocommit()
        self._since = time.perf_counter()

    def _commit(self) -> None:
        super()._commit()
        self._given_back()

    def _rollback(self) -> None:
        super()._rollback()
        self._given_back()

    def _close(self) -> None:
        super()._close()
        self._given_back()

    def _alone(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        is_alone = (
            not self.in_atomic_block
            and sql.lstrip("( ").upper().startswith(_ALONE)
            and " RETURNING " not in sql
        )
        if not is_alone:
            return execute(sql, params, many, context)
        with self.wrap_database_errors:
            self.connection.execute("BEGIN IMMEDIATE")
        self._since = time.perf_counter()
        try:
            result = execute(sql, params, many, context)
            with self.wrap_database_errors:
                self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        finally:
            self._given_back()
        return result

    def _given_back(self) -> None:
        since, self._since = self._since, None
        if since is None or not _FOLDER:
            return
        held = (time.perf_counter() - since) * 1000
        where = _where() if held > _LONG else ""
        line = json.dumps([time.time(), round(held, 3), where]) + "\n"
        into = os.open(
            f"{_FOLDER}/{os.getpid()}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644
        )
        try:
            os.write(into, line.encode())
        finally:
            os.close(into)


def _where() -> str:
    """Return the innermost places of the application, the nearest first."""
    frame: FrameType | None = sys._getframe(2)
    found: list[str] = []
    while frame is not None and len(found) < 3:
        path, _, rest = frame.f_code.co_filename.rpartition("/feedback/")
        if path:
            found.append(f"{rest}:{frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(found)

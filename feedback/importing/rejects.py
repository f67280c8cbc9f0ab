"""The file of rows that could not be taken: line, reason, and the row as it was; mended, it can be imported again."""

import codecs
import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

from feedback.importing.formats import CannotImport, Refused
from feedback.importing.formats.columns.fields import NOT_CONTENT
from feedback.importing.formats.rows import text_of

_JSON_NAMES = (".jsonl", ".ndjson", ".json")


def _as_it_was(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write the bytes that were no text as they were, and what the encoding has no letter for as its number."""
    assert isinstance(error, UnicodeEncodeError)
    piece = error.object[error.start : error.end]
    if all(
        "\udc80" <= char <= "\udcff" for char in piece
    ) and not error.encoding.lower().startswith("utf-16"):
        return bytes(ord(char) - 0xDC00 for char in piece), error.end
    return codecs.backslashreplace_errors(error)


#: How bytes that were no text are written.
AS_IT_WAS = "heed-as-it-was"
codecs.register_error(AS_IT_WAS, _as_it_was)


class Rejects:
    """Writes refused rows to ``path``, which appears with the first of them.

    It is in the encoding of the file they came from, so that their bytes stay as they were; a name that ends like JSON gets an
    object a line, any other a table with ``columns``.
    """

    def __init__(self, path: Path, *, encoding: str, columns: Sequence[str]) -> None:
        self.path = path
        self._encoding = encoding
        self._columns = [name for name in columns if name not in NOT_CONTENT]
        self._is_json = path.suffix.lower() in _JSON_NAMES
        self._file: TextIO | None = None
        self._writer: Any = None

    def __enter__(self) -> "Rejects":
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, refused: Refused) -> None:
        """Add one row. Raises `CannotImport` when the file cannot be written."""
        if self._file is None:
            self._file = self._opened()
            if not self._is_json:
                self._writer = csv.writer(self._file)
                self._writer.writerow(["line", "reason", *self._columns, "row"])
        values = refused.values
        rest = refused.raw or text_of(values.get("row"))
        if self._is_json:
            held = {name: value for name, value in values.items() if name not in NOT_CONTENT}
            told: Mapping[str, Any] = {"line": refused.line, "reason": refused.reason, **held}
            told = {**told, "row": rest} if rest else told
            self._file.write(json.dumps(told, ensure_ascii=False, default=str) + "\n")
        else:
            known = [_cell(values.get(name)) for name in self._columns]
            self._writer.writerow([refused.line, refused.reason, *known, rest])
        self._file.flush()

    def _opened(self) -> TextIO:
        try:
            return self.path.open("w", encoding=self._encoding, errors=AS_IT_WAS, newline="")
        except OSError as error:
            raise CannotImport(
                _(
                    "The rejects file %(file)s cannot be written (%(error)s); name another one with --rejects."
                )
                % {"file": self.path, "error": (error.strerror or "").lower()}
            ) from None


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else text_of(value)

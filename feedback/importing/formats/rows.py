"""What all readers of files yield: rows by column, and rows that are broken."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: A line longer than this is no row of anything.
LONGEST_LINE = 1_000_000
#: What is kept of a row that is broken.
LONGEST_RECORD = 200_000
_WORD = re.compile(r"[^\W\d_]+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins at (its number, in files without lines), and its values by column.

    The values of a table are text; those of JSON and spreadsheets are what stands there.
    """

    line: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """One row that cannot be read, with what stands there; bytes that are no text are lone surrogates in ``raw``."""

    line: int
    reason: str
    raw: str


def text_of(value: Any) -> str:
    """Return one value as text: "" for nothing, whole numbers without a point."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return ", ".join(text_of(one) for one in value)
    if isinstance(value, list | Mapping):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def word_count(text: str) -> float:
    """Return how many words ``text`` has; two Chinese, Japanese or Korean characters are about one."""
    wide = len(_WIDE.findall(text))
    return wide / 2 + len(_WORD.findall(_WIDE.sub(" ", text) if wide else text))

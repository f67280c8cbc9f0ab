"""Files of posts for tests, and what is read of them."""

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from feedback.importing.formats import Field, FileMapping, PostRow, Refused, Settings, look, read
from feedback.importing.formats.files import open_rows, shape_of
from feedback.importing.formats.rows import BrokenRow, Row

NOW = dt.datetime(2026, 3, 6, 9, 30, tzinfo=dt.UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def written(folder: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
    """Return a file with ``content``."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def said(**answers: Any) -> Settings:
    """Return what a person said of a file."""
    return Settings(**({"time_zone": SHANGHAI} | answers))


def rows_of(path: Path, **answers: Any) -> list[Row | BrokenRow]:
    """Return the rows of a file, whatever is in its columns."""
    with open_rows(shape_of(path, said(**answers))) as rows:
        return list(rows)


def good(path: Path, **answers: Any) -> list[dict[str, Any]]:
    """Return the values of the rows of a file in which none is broken."""
    found = rows_of(path, **answers)
    assert all(isinstance(row, Row) for row in found), found
    return [row.values for row in found if isinstance(row, Row)]


def mapped(path: Path, **answers: Any) -> FileMapping:
    """Return what a file is taken for."""
    return look(path, said(**answers), now=NOW)


def taken(path: Path, **answers: Any) -> dict[str, str]:
    """Return the columns that are taken for something, by field."""
    return {what.value: name for what, name in mapped(path, **answers).taken.items()}


def posts_of(path: Path, **answers: Any) -> list[PostRow]:
    """Return the typed rows of a file in which none is refused."""
    with read(mapped(path, **answers)) as rows:
        found = list(rows)
    assert all(isinstance(row, PostRow) for row in found), found
    return [row for row in found if isinstance(row, PostRow)]


def refused_of(path: Path, **answers: Any) -> list[Refused]:
    """Return the refused rows of a file."""
    with read(mapped(path, **answers)) as rows:
        return [row for row in rows if isinstance(row, Refused)]


def table(*rows: str) -> str:
    """Return rows as the text of a CSV file."""
    return "\n".join(rows) + "\n"


__all__ = [
    "NOW",
    "SHANGHAI",
    "Field",
    "good",
    "mapped",
    "posts_of",
    "refused_of",
    "rows_of",
    "said",
    "table",
    "taken",
    "written",
]

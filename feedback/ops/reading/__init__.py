"""Reading files of posts: what is in the bytes, the rows, the columns and the values."""

from feedback.ops.reading.columns import Columns, FieldName
from feedback.ops.reading.opening import Source, open_source
from feedback.ops.reading.rows import BrokenRow, Row, read_rows
from feedback.ops.reading.troubles import CannotImport, ValueUnreadable

__all__ = [
    "BrokenRow",
    "CannotImport",
    "Columns",
    "FieldName",
    "Row",
    "Source",
    "ValueUnreadable",
    "open_source",
    "read_rows",
]

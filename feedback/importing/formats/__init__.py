"""Reading files of posts: what is in the bytes, the rows, the columns and the values."""

from feedback.importing.formats.columns import Columns, FieldName
from feedback.importing.formats.opening import Source, open_source
from feedback.importing.formats.refusals import CannotImport, ValueUnreadable
from feedback.importing.formats.rows import BrokenRow, Row, read_rows

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

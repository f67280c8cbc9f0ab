"""Reading files of posts: what is in the bytes, the rows, the columns, and typed rows of all of it.

`look` reads a file once and says what it is taken for; `read` yields its rows as `PostRow` or `Refused`.
"""

from feedback.importing.formats.columns.fields import Field
from feedback.importing.formats.columns.mapping import ColumnUse, chosen_from
from feedback.importing.formats.comments import Author, Comment
from feedback.importing.formats.dates.column import Order
from feedback.importing.formats.files import Settings, Shape
from feedback.importing.formats.known import KnownFormat
from feedback.importing.formats.look import FileMapping, Posts, look, read
from feedback.importing.formats.posts import PostRow, Refused
from feedback.importing.formats.refusals import (
    CannotImport,
    Choice,
    Question,
    Undecided,
    ValueUnreadable,
)

__all__ = [
    "Author",
    "CannotImport",
    "Choice",
    "ColumnUse",
    "Comment",
    "Field",
    "FileMapping",
    "KnownFormat",
    "Order",
    "PostRow",
    "Posts",
    "Question",
    "Refused",
    "Settings",
    "Shape",
    "Undecided",
    "ValueUnreadable",
    "chosen_from",
    "look",
    "read",
]

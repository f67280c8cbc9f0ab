"""The number of a post: what it is called aloud, on the phone and in a chat. It is the post's key, so it never changes."""

import re
import unicodedata

from feedback.forum.models import Post

#: More digits than this is no number of a post.
_DIGITS = 15
_NUMBER = re.compile(rf"(?P<sign>#)?\s*(?P<digits>[0-9]{{1,{_DIGITS}}})")


def number_of(post: Post) -> str:
    """Return the number of ``post`` as it is written: "#4183"."""
    return f"#{post.pk}"


def numbered(typed: str) -> tuple[int, bool] | None:
    """Return the number that ``typed`` is, and whether it is written as one of a post ("#4183"); None where it is more."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", typed).strip())
    return (int(found["digits"]), bool(found["sign"])) if found else None

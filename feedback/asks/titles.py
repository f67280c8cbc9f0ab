"""A post's words as a title."""

import re

_SPACE_BEFORE_MARK = re.compile(r"\s+([,.!?;:，。！？；：…])")


def tidy(title: str) -> str:
    """Return a post's words as a title: no space before a mark, no full stop at the end, 200 characters."""
    title = _SPACE_BEFORE_MARK.sub(r"\1", " ".join(title.split()))
    return title.rstrip(" .,;:。，；：")[:200] or title[:200] or "…"

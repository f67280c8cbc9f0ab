"""HTML and flowed text as lines."""

import re
from html.parser import HTMLParser

import nh3

#: Characters and tags of HTML that are read: a reply stands at its beginning, and a tag within ten thousand others takes long.
_MOST, _TAGS = 200_000, 5_000
_LINES = {"p", "div", "br", "li", "tr", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr"}  # fmt: skip
_APART = {"p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre"}
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")


def from_html(html: str) -> str:
    """Return the words of ``html`` as lines; what stands in a quote begins with ">" as in plain text."""
    # Cleaned first: what follows is well-formed, so that no malformed page makes the reader slow.
    clean = nh3.clean(
        _beginning(html[:_MOST]),
        tags=_LINES | {"a"},
        attributes={"a": {"href"}},
        clean_content_tags={"script", "style", "title"},
        url_schemes={"http", "https"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    return reader.text()


def _beginning(html: str) -> str:
    at = -1
    for _tag in range(_TAGS):
        at = html.find("<", at + 1)
        if at < 0:
            return html
    return html[:at]


def unflowed(text: str) -> str:
    """Return format=flowed text (RFC 3676) with the lines joined that a program broke."""
    joined: list[str] = []
    is_open = False
    for line in text.split("\n"):
        line = line.removeprefix(" ") if not line.startswith(">") else line
        if is_open and not line.startswith(">") and line != "-- ":
            joined[-1] += line
        else:
            joined.append(line)
        is_open = line.endswith(" ") and line != "-- " and not line.startswith(">")
    return "\n".join(joined)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._depth = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LINES:
            self._end_line(apart=tag in _APART, always=tag == "br")
        if tag == "blockquote":
            self._depth += 1
        elif tag == "li":
            self._line = "- "
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._line)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            href, start = self._links.pop()
            shown = self._line[start:].strip()
            if shown and href and href.rstrip("/") not in (shown, shown.rstrip("/")):
                self._line += f" ({href})"
        if tag in _LINES and tag not in ("br", "hr"):
            self._end_line(apart=tag in _APART)
        if tag == "blockquote":
            self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        words = _SPACES.sub(" ", data)
        self._line += words if self._line.strip(" ") or words.strip() else ""

    def text(self) -> str:
        """Return all lines, with one empty line between what stands apart."""
        self._end_line(apart=False)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n")

    def _end_line(self, *, apart: bool, always: bool = False) -> None:
        marks = "> " if self._depth else ""
        if self._line.strip() or always:
            self._lines.append(marks + self._line.strip())
        if apart and self._lines and self._lines[-1].strip("> "):
            self._lines.append(marks.strip())
        self._line = ""

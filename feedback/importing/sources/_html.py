"""Words out of the HTML that some tools export them in."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    "p div br li ul ol blockquote pre h1 h2 h3 h4 h5 h6 tr table hr section article aside".split()  # noqa: SIM905
)
_UNSEEN = frozenset(("script", "style", "template", "head"))
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--)>|&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);", re.DOTALL)


def words_of(html: object) -> str:
    """Return the words of a piece of HTML, a line a paragraph; text without tags stays as it is."""
    text = "" if html is None else str(html)
    if not _TAG.search(text):
        return text.strip()
    reader = _Words()
    reader.feed(text)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BLOCKS:
            self.parts.append("\n- " if tag == "li" else "\n\n" if tag == "p" else "\n")
        elif tag == "img":
            self.parts.append(dict(attrs).get("alt") or "")  # how smileys are written

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n\n" if tag == "p" else "\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(re.sub(r"\s+", " ", data))

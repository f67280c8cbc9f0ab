"""Markdown from strangers to HTML that is safe to show.

Two walls: the renderer never passes HTML through, and the cleaner removes whatever is not on its list.
"""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from feedback.kernel.text import fold

_TAGS = {
    "p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "code": {"class"}, "ol": {"start"}}
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return (
        MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
        .enable(["table", "strikethrough"])
        .disable(["image", "html_block", "html_inline"])
    )


def render(source: str) -> SafeString:
    """Return safe HTML for Markdown ``source``. A post's headings start at h3: the page owns h1 and h2."""
    parser = _parser()
    stream = parser.parse(source)
    for token in stream:
        if token.type in ("heading_open", "heading_close"):
            token.tag = _HEADINGS[token.tag]
    html = parser.renderer.render(stream, parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(clean)  # noqa: S308 (cleaned on the line above)


def plain(source: str, *, length: int = 200) -> str:
    """Return the first ``length`` characters of Markdown ``source`` as one line, for a list or a notice.

    The marks are gone, the words stay: of a link its text, of a code block its code. What only looks like a mark
    ("2 * 3 * 4", "snake_case") stays, because the parser decides. Only so much is read as can be shown.
    """
    words: list[str] = []
    for block in _parser().parse(source[: 20 * length]):
        if block.type in ("fence", "code_block"):
            words.append(block.content)
        words += (
            "\n" if piece.type.endswith("break") else piece.content
            for piece in block.children or ()
        )
        words.append("\n")
    line = " ".join("".join(words).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def excerpt(title: str, body: str, *, length: int = 200) -> str:
    """Return the first words of ``body`` as one line, or "" when the title says it all already."""
    line = plain(body, length=length)
    return "" if fold(line) == fold(title.strip()) else line

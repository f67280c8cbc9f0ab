"""Markdown from strangers to HTML that is safe to show.

Two walls: the renderer never passes HTML through, and the cleaner removes whatever is not on its list.
"""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from feedback.kernel import visible
from feedback.kernel.bare_links import bare_links
from feedback.kernel.cjk_emphasis import CjkInline
from feedback.kernel.text import fold

_TAGS = {
    "p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_BLOCKS = {"p", "blockquote", "ul", "ol", "table", "h3", "h4", "h5", "h6"}
_ATTRIBUTES = {
    **{tag: {"dir"} for tag in _BLOCKS},
    "a": {"href", "title", "dir"},
    "code": {"class"},
    "ol": {"start", "dir"},
}
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}
#: What is rendered is kept for whoever reads it next, so many texts and none that is longer.
_KEPT, _KEPT_LENGTH = 512, 4_000


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt()
    parser.inline = CjkInline()
    parser.configure("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    bare_links(parser)
    parser.core.ruler.before("text_join", "settle", _settle)
    # An indent is how people write: code has its fence.
    return parser.enable(["table", "strikethrough"]).disable(
        ["image", "html_block", "html_inline", "code"]
    )


def _settle(state: StateCore) -> None:
    """Put headings below the page's own, tell directions, and let addresses and entities bring in nothing that hides."""
    has_directions = visible.reads_right_to_left(state.src)
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = _HEADINGS[token.tag]
        if has_directions and token.level == 0 and token.nesting == 1:
            token.attrSet("dir", "auto")
        is_address = False
        for piece in token.children or ():
            if is_address or piece.type == "text_special":
                piece.content = visible.as_typed(piece.content)
            is_address = piece.type == "link_open" and piece.info == "auto"
            if is_address and has_directions:
                piece.attrSet("dir", "ltr")


def render(source: str) -> SafeString:
    """Return safe HTML for Markdown ``source``. A post's headings start at h3: the page owns h1 and h2.

    Each block of a text with letters from right to left finds its own direction.
    """
    return _kept(source) if len(source) <= _KEPT_LENGTH else _rendered(source)


def _rendered(source: str) -> SafeString:
    parser = _parser()
    stream = parser.parse(source)
    html = parser.renderer.render(stream, parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(clean)  # noqa: S308 (cleaned on the line above)


_kept = lru_cache(maxsize=_KEPT)(_rendered)


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
    return visible.cut(" ".join("".join(words).split()), length)


def excerpt(title: str, body: str, *, length: int = 200) -> str:
    """Return the first words of ``body`` as one line, or "" when the title says it all already."""
    line = plain(body, length=length)
    return "" if fold(line) == fold(title.strip()) else line

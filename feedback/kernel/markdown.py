"""Markdown from strangers to HTML that is safe to show.

Two walls: the renderer never passes HTML through, and the cleaner removes whatever is not on its list.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib import import_module
from importlib.metadata import version
from typing import Any

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as tables_rule
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from feedback.kernel import visible
from feedback.kernel.bare_links import bare_links
from feedback.kernel.cjk_emphasis import CjkInline
from feedback.kernel.recent import Recent
from feedback.kernel.shortened import shortened
from feedback.kernel.text import ATTACHED, fold

#: Changes whenever a text would become other HTML; what was kept is made anew then. The first number is raised by hand.
PIPELINE = f"1-{version('markdown-it-py')}-{version('nh3')}"
#: Stands behind a sentence that a machine wrote. On a page it has a name, for who does not see it.
MACHINE_SIGN = "⚙\ufe0e"
_TAGS = {
    "p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
    "span", "img",
}  # fmt: skip
_BLOCKS = {"p", "blockquote", "ul", "ol", "table", "h3", "h4", "h5", "h6"}
_ATTRIBUTES = {
    **{tag: {"dir"} for tag in _BLOCKS},
    "a": {"href", "title", "dir", "data-gallery"},
    "img": {"src", "alt", "width", "height", "loading"},
    "code": {"class"},
    "ol": {"start", "dir"},
    "span": {"class", "role", "aria-label"},
}
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}
#: What is rendered is kept for whoever reads it next, in so many bytes of each process.
_KEPT = 16_000_000
#: A short row of a table is filled up with empty cells, so few signs become many: so many cells a text, all its tables
#: together. What stands behind them is shown as it was typed.
CELLS = 4_000
# Read by the parser's own rule as it fills up rows, for one table.
vars(import_module("markdown_it.rules_block.table"))["MAX_AUTOCOMPLETED_CELLS"] = CELLS


@dataclass(frozen=True)
class PictureInText:
    """A picture of its own that a text shows; no other is ever shown. Its address on this site, its size in pixels, and what it shows in words."""

    address: str
    width: int
    height: int
    alt: str


Pictures = Mapping[str, PictureInText]
_Asked = tuple[str, str | None, tuple[tuple[str, PictureInText], ...], int]


@dataclass(frozen=True)
class Rendered:
    """A text as HTML, and whether it is its beginning alone."""

    html: SafeString
    is_cut: bool = False


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt()
    parser.inline = CjkInline()
    parser.configure("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    bare_links(parser)
    parser.core.ruler.before("text_join", "settle", _settle)
    parser.add_render_rule("text", _text)
    parser.block.ruler.at("table", _bounded_table, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.before("link", "attached", _find_attached)
    parser.add_render_rule("attached", _show_attached)
    # An indent is how people write: code has its fence.
    return parser.enable(["table", "strikethrough"]).disable(
        ["image", "html_block", "html_inline", "code"]
    )


def _bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table, unless the text has had its cells."""
    if state.env.get("cells", 0) >= CELLS:
        return False
    before = len(state.tokens)
    is_table = tables_rule(state, start, end, silent)
    found = sum(token.type in ("td_open", "th_open") for token in state.tokens[before:])
    state.env["cells"] = state.env.get("cells", 0) + found
    return is_table


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


def _text(
    _renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: Any, _env: Any
) -> str:
    """Return words as HTML, the sign of a machine with its name in the language in force."""
    words = tokens[at].content
    if MACHINE_SIGN not in words:
        return escapeHtml(words)
    sign = format_html(
        '<span class="machine-sign" role="img" aria-label="{}">{}</span>',
        _("put together by a machine"),
        MACHINE_SIGN,
    )
    return sign.join(map(escapeHtml, words.split(MACHINE_SIGN)))


def _find_attached(state: StateInline, silent: bool) -> bool:
    """Read ``![words](attachment:name)`` as a picture of the text's own; what names another picture is a link."""
    found = ATTACHED.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("attached", "", 0)
        token.content, token.meta = found[1].strip(), {"name": found[2]}
    state.pos = found.end()
    return True


def _show_attached(
    _renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: Any, env: Any
) -> str:
    """Return the picture as HTML, a link to it; nothing for what is not attached to this text."""
    token = tokens[at]
    picture = env.get("pictures", {}).get(token.meta["name"])
    if picture is None:
        return ""
    return format_html(
        '<a href="{}" data-gallery=""><img src="{}" alt="{}" width="{}" height="{}" loading="lazy"></a>',
        picture.address,
        picture.address,
        picture.alt or token.content or _("Picture without a description"),
        picture.width,
        picture.height,
    )


def stands_alone(source: str) -> bool:
    """Whether ``source`` becomes the same HTML for everybody, for as long as it is the same: neither empty, nor with pictures or words of the site's own."""
    return bool(source) and "](attachment:" not in source and MACHINE_SIGN not in source


def as_kept(html: str, *, is_cut: bool) -> Rendered:
    """Return what `render_up_to` returned and somebody kept; ``html`` comes from there alone."""
    return Rendered(mark_safe(html), is_cut)  # noqa: S308 (cleaned before it was kept)


def named_in(source: str) -> set[str]:
    """Return the names of the attachments that ``source`` shows within its words."""
    return {name for _words, name in ATTACHED.findall(source)}


def render(source: str, *, pictures: Pictures | None = None) -> SafeString:
    """Return safe HTML for Markdown ``source``. A post's headings start at h3: the page owns h1 and h2.

    Each block of a text with letters from right to left finds its own direction. Of the pictures that it names those of
    ``pictures`` are shown.
    """
    return render_up_to(0, source, pictures=pictures).html


def render_up_to(most: int, source: str, *, pictures: Pictures | None = None) -> Rendered:
    """Return the beginning of ``source`` as `render` does, up to the block that brings it to about ``most`` characters of HTML.

    With 0 all of it. What people write by hand is far below; a few kinds of text become many times as long.
    """
    shown = tuple((pictures or {}).items()) if "](attachment:" in source else ()
    language = get_language() if shown or MACHINE_SIGN in source else ""
    asked = (source, language, shown, most)
    return _recent.get(asked, partial(_rendered, source, shown, most))


def _rendered(source: str, pictures: tuple[tuple[str, PictureInText], ...], most: int) -> Rendered:
    parser = _parser()
    env = {"pictures": dict(pictures)}
    stream, is_cut = parser.parse(source, env), False
    if most:
        stream, is_cut = shortened(stream, most)
    html = parser.renderer.render(stream, parser.options, env)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
        attribute_filter=_of_this_site,
    )
    return Rendered(mark_safe(clean), is_cut)  # noqa: S308 (cleaned on the line above)


def _of_this_site(tag: str, attribute: str, value: str) -> str | None:
    """Let no picture through that lies elsewhere."""
    is_elsewhere = tag == "img" and attribute == "src" and not re.match(r"/(?![/\\\\])", value)
    return None if is_elsewhere else value


def _bytes(key: _Asked, found: Rendered) -> int:
    return sys.getsizeof(key[0]) + sys.getsizeof(found.html) + 400 * (1 + len(key[2]))


_recent: Recent[_Asked, Rendered] = Recent(most=_KEPT, size=_bytes)


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

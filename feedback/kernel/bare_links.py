"""Addresses that stand bare in a text become links, also where no space stands beside them.

A rule of the Markdown parser, in steps that follow the length of the text, which those of linkify-it do not. Chinese
and Japanese write no spaces: an address begins right after a letter, and ends before the next one or before a full stop,
a comma or a bracket of their own. An address without "https://" is one when it begins with "www.": a browser finds out
for itself which of the two schemes there is. What only looks like one ("main.rs", "me@example.org") stays words.
"""

import regex
from markdown_it import MarkdownIt
from markdown_it.rules_inline.state_inline import StateInline

#: No address is longer; what follows is not looked at.
LONGEST = 2_000

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}\p{Line_Break=SA}"
_SIGNS = regex.compile(
    r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%{}]"
    # Letters of other scripts, and a dash and a dot that do stand in addresses.
    rf"|[[\p{{L}}\p{{M}}\p{{N}}\u2013\u00b7]--\p{{ASCII}}--[{_UNSPACED}]]"
    # Of a script without spaces where a name begins or goes on: not right after the end of something else.
    rf"|(?<=[/#=&~+\-_{_UNSPACED}]|[{_UNSPACED}]\.|www\.)[{_UNSPACED}])+",
    regex.V1,
)
_HOST = r"(?:[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,252}+|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?"
#: How one begins; what stands before an "@" is a name and a password, and nobody means that.
_BEGINS = regex.compile(
    rf"(?:https?://|www\.(?=[^.]+\.[^.])){_HOST}(?!:[A-Za-z/]|@)", regex.IGNORECASE
)
_MARKS = regex.compile(r"\*\*|~~")
_CLOSES = {")": "(", "]": "[", "}": "{"}
_OPENS = {opening: close for close, opening in _CLOSES.items()}


def bare_links(parser: MarkdownIt) -> None:
    """Have ``parser`` make links of bare addresses."""
    parser.inline.add_terminator_char(".")
    parser.inline.ruler.after("text", "bare_link", _rule)


def _rule(state: StateInline, silent: bool) -> bool:
    if silent or state.linkLevel > 0 or state.src[state.pos] not in ":.":
        return False
    scheme = _scheme(state.src, state.pos)
    if not scheme or not state.pending.endswith(scheme):
        return False
    start = state.pos - len(scheme)
    address = address_at(state.src, start)
    if not address:
        return False
    url = address if state.src[state.pos] == ":" else f"http://{address}"
    whole = state.md.normalizeLink(url)
    if not state.md.validateLink(whole):
        return False
    state.pending = state.pending[: -len(scheme)]
    opening = state.push("link_open", "a", 1)
    opening.attrs, opening.markup, opening.info = {"href": whole}, "linkify", "auto"
    state.push("text", "", 0).content = state.md.normalizeLinkText(address)
    closing = state.push("link_close", "a", -1)
    closing.markup, closing.info = "linkify", "auto"
    state.pos = start + len(address)
    return True


def _scheme(src: str, at: int) -> str:
    """Return what begins an address and ends before ``at``, as it is written, "" where there is none."""
    known = ("https", "http") if src.startswith("://", at) else ("www",) if src[at] == "." else ()
    for scheme in known:
        start = at - len(scheme)
        if start >= 0 and src[start:at].lower() == scheme:
            before = src[start - 1] if start else " "
            return src[start:at] if not (before.isascii() and before.isalnum()) else ""
    return ""


def address_at(src: str, start: int) -> str:
    """Return the address that begins at ``start``, without what belongs to the sentence around it; "" for none."""
    if not _BEGINS.match(src, start, start + LONGEST):
        return ""
    found = _SIGNS.match(src, start, start + LONGEST)
    return _without_the_sentence(_MARKS.split(found.group(), maxsplit=1)[0]) if found else ""


def _without_the_sentence(address: str) -> str:
    """Return ``address`` without the marks that end a sentence and the brackets that opened before it."""
    end = len(address)
    unopened = {
        close: address.count(close) - address.count(opening) for close, opening in _CLOSES.items()
    }
    while end:
        last = address[end - 1]
        if unopened.get(last, 0) > 0:
            unopened[last] -= 1
        elif last in _OPENS:
            unopened[_OPENS[last]] += 1
        elif last not in "?!.,:;*_~'":
            break
        end -= 1
    return address[:end]

"""The beginning of a text that was read as Markdown, cut where a block ends, so that what is shown of it has a bound."""

from collections.abc import Sequence

from markdown_it.token import Token

#: Blocks between whose parts may be cut: paragraphs of a quotation, items of a list, rows of a table.
_OF_PARTS = frozenset({"blockquote_open", "bullet_list_open", "ordered_list_open", "tbody_open"})
#: Characters that a link has besides its words and its address, and a picture in all.
_LINK, _PICTURE = 45, 300


def shortened(stream: Sequence[Token], most: int) -> tuple[list[Token], bool]:
    """Return the tokens of ``stream`` up to the block that brings it to about ``most`` characters of HTML, and whether more follow.

    What stands open there is closed. A paragraph that is longer by itself is cut between two of its marks.
    """
    size, kept = 0, list[Token]()
    around: list[Token] = []
    is_cut = False
    for at, token in enumerate(stream):
        if token.children and _size(token) > most:
            token.children, is_cut = shortened(token.children, most)
        size += _size(token)
        kept.append(token)
        if token.nesting == 1:
            around.append(token)
        elif token.nesting == -1:
            around.pop()
        may_end = token.nesting != 1 and (not around or around[-1].type in _OF_PARTS)
        if size >= most and may_end:
            follows = any(one.nesting != -1 for one in stream[at + 1 :])
            return [*kept, *map(_end, reversed(around))], is_cut or follows
    return kept, is_cut


def _end(opening: Token) -> Token:
    """Return what closes ``opening``."""
    kind = opening.type.removesuffix("_open") + "_close"
    return Token(kind, opening.tag, -1, block=opening.block, hidden=opening.hidden)


def _size(token: Token) -> int:
    """Return about how many characters of HTML ``token`` becomes."""
    if token.children:
        return sum(map(_size, token.children))
    if token.type == "attached":
        return _PICTURE
    address = token.attrGet("href") if token.type == "link_open" else None
    marks = len(token.tag) + 4 if token.tag else 0
    return len(token.content) + marks + (_LINK + len(str(address)) if address else 0)

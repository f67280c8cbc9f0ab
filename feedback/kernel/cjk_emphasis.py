"""Bold and italic beside Chinese, Japanese and Korean words.

CommonMark tells by spaces and punctuation whether a mark opens or closes. Where words have no spaces between them it
leaves **（note）** as it is. This follows the amendment that several parsers share by now: CJK punctuation is no
punctuation here, and a CJK character is as good as a space (https://github.com/tats-u/markdown-cjk-friendly).
"""

import unicodedata
from functools import lru_cache

import regex
from markdown_it import MarkdownIt
from markdown_it.common.utils import isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

_PICTURE = regex.compile(r"\p{Emoji_Presentation}")
_WIDE = frozenset("WFH")
_VARIANTS = range(0xE0100, 0xE01F0), range(0xFE00, 0xFE10)


class CjkInline(ParserInline):
    """The inline parser with `CjkState`."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = CjkState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class CjkState(StateInline):
    """Knows which marks of emphasis open and close beside CJK characters."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803 (markdown-it's names)
        end = start
        while end < self.posMax and self.src[end] == self.src[start]:
            end += 1
        before = self._before(start)
        after = self.src[end] if end < self.posMax else " "
        opens = _flanks(after, before)
        closes = _flanks(before, after)
        return Scanned(
            opens and (canSplitWord or not closes or isPunctChar(before)),
            closes and (canSplitWord or not opens or isPunctChar(after)),
            end - start,
        )

    def _before(self, at: int) -> str:
        """Return the character before ``at``; of a character in one of its variants the character."""
        at -= 1
        if at > 0 and any(ord(self.src[at]) in some for some in _VARIANTS):
            at -= 1
        return self.src[at] if at >= 0 else " "


def _flanks(inside: str, outside: str) -> bool:
    """Return whether a mark between these characters may belong to ``inside``."""
    if isWhiteSpace(ord(inside)):
        return False
    if not isPunctChar(inside) or _is_cjk(inside):
        return True
    return isWhiteSpace(ord(outside)) or isPunctChar(outside) or _is_cjk(outside)


@lru_cache(maxsize=4096)
def _is_cjk(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in _WIDE and not _PICTURE.match(sign)

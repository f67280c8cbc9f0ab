"""The clauses of a post: what a person says in one breath, in reading order.

A post is cut at the ends of sentences and lines, and a sentence where it turns ("…, but please add …"). Chinese and
other run-on sentences are cut at commas too, where both sides are long enough to say something. Markdown's marks, code
and pasted logs are not words of the person.
"""

import re
from collections.abc import Iterator

#: Characters of a post that are read: what follows is nearly always a log.
CHARACTERS_READ = 2_000
#: A sentence of more Han or other characters than this is cut at its commas; each piece has at least so many.
LONG_HAN, LONG = 18, 110
PIECE_HAN, PIECE = 4, 16

_HAN = re.compile(r"[\u3400-\u9fff]")
_CODE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_MARKUP = re.compile(
    r"<!--.*?-->|</?\w[^>]{0,200}>|!\[[^\]]*\]\([^)]*\)|\[(?:image|attachment)[^\]]*\]?"
)
_LEADING = re.compile(
    r"^\s*(?:[#>*+\-•·–—]+\s+|#+|\(?\d{1,2}(?:[)、：]|[.:](?=\s|[^\Wa-z\d_]))\s*(?=\D)|\[[ x]\]\s+|"
    r"[-=_*|:\s]+(?=\s|$))+"
)
_EMPHASIS = re.compile(r"(\*\*|__|~~)(.+?)\1")
_END = re.compile(
    r"(?<=[.!?…])[\"'”’)]?\s+|(?<=[。！？；｡])[”’」』）]?|(?<=[!?~～])(?=[\u3040-\u9fff])|\s+[-–—]{1,2}\s+(?=\S+\s+\S+\s+\S)"
)
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|etc|vs|approx|incl|mr|mrs|ms|dr|st|no|nr|ver|v)\.$", re.IGNORECASE
)
_TURN = re.compile(
    r"[,;]?\s+(?:but|however|although|though|except(?: that)?|yet|pero|aber|mais|mas|но)\s+(?=\S+\s+\S)|[,，;；]?\s*(?:但是|不过|可是|然而|就是希望|只是|但)(?=[\u3400-\u9fff])",
    re.IGNORECASE,
)
_COMMA_HAN = re.compile(r"[，,；;]\s*|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_COMMA = re.compile(r"[,;:]\s+|\s+[-–—]\s+")
_WORD = re.compile(r"\w")


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of ``text`` in reading order, without Markdown's marks."""
    plain = _MARKUP.sub(" ", _CODE.sub("\n", text[:CHARACTERS_READ])).replace("`", "")
    for line in plain.splitlines():
        line = _EMPHASIS.sub(r"\2", _LEADING.sub("", line))
        held = ""
        for piece in _END.split(line):
            held = f"{held} {piece}".strip()
            if held and not _ABBREVIATION.search(held):
                yield " ".join(held.split())
                held = ""
        if held:
            yield " ".join(held.split())


def clauses(text: str) -> list[str]:
    """Return the clauses of ``text`` in reading order; those without a letter or digit are left out."""
    found: list[str] = []
    for sentence in sentences(text):
        for part in _TURN.split(sentence):
            found.extend(_pieces(part))
    return [one for one in (clause.strip(" ,，;；、") for clause in found) if _WORD.search(one)]


def is_han(text: str) -> bool:
    """Tell whether a third of ``text`` or more is Han: such a text says in a third of the room what others do."""
    return 3 * len(_HAN.findall(text)) > len(text)


def _pieces(sentence: str) -> list[str]:
    """Cut a run-on sentence at commas; a piece too short to say something stays with what follows it."""
    han = is_han(sentence)
    longest, shortest = (LONG_HAN, PIECE_HAN) if han else (LONG, PIECE)
    if len(sentence) <= longest:
        return [sentence]
    found: list[str] = []
    held = 0
    for comma in (_COMMA_HAN if han else _COMMA).finditer(sentence):
        if comma.start() - held >= shortest and len(sentence) - comma.end() >= shortest:
            found.append(sentence[held : comma.start()])
            held = comma.end()
    found.append(sentence[held:])
    return found

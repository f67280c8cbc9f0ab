"""Whose sentence it is: those of the draft that still stand are the machine's, and carry its sign.

A draft has a sentence a line. A sentence is the machine's for as long as it stands as it was drafted: at the beginning of a
line or behind the end of another sentence, and up to an end. Whoever changes a word of it makes it theirs.
"""

import re

from django.utils.translation import gettext as _

from feedback.kernel.markdown import MACHINE_SIGN

_HEADING = re.compile(r"\s*#{1,6}\s")
_LEAD = re.compile(r"\s*(?:[-*+]\s+|\d+[.)]\s+|>\s*)*")
_ENDED = re.compile(r"(?:^|[.!?。！？…][\"'”’」』）)]*)\s*$")
_ENDS_CHINESE = re.compile(r"[。！？…][”’」』）]*$")


def sentences_of(draft: str) -> list[str]:
    """Return the sentences of ``draft``, without its headings and the marks of its lists."""
    lines = (line for line in draft.split("\n") if not _HEADING.match(line))
    return [sentence for line in lines if (sentence := _LEAD.sub("", line, count=1).strip())]


def signed(words: str, draft: str) -> str:
    """Return ``words`` with the sign behind every sentence of ``draft`` that stands in them; pure."""
    sentences = sorted(set(sentences_of(draft)), key=lambda one: (-len(one), one))
    return "\n".join(_signed(line, sentences) for line in words.split("\n"))


def without_signs(words: str) -> str:
    """Return ``words`` without signs that somebody typed or pasted: only a draft earns them."""
    return words.replace(f"\N{NO-BREAK SPACE}{MACHINE_SIGN}", "").replace(MACHINE_SIGN, "")


def _signed(line: str, sentences: list[str]) -> str:
    if _HEADING.match(line):
        return line
    ends = sorted({end for sentence in sentences for end in _places(line, sentence)}, reverse=True)
    for end in ends:
        line = f"{line[:end]}\N{NO-BREAK SPACE}{MACHINE_SIGN}{line[end:]}"
    return line


def _places(line: str, sentence: str) -> list[int]:
    """Return where ``sentence`` ends, each time it stands in ``line`` as a sentence of its own."""
    found, at = [], line.find(sentence)
    while at >= 0:
        end = at + len(sentence)
        before = _LEAD.sub("", line[:at], count=1)
        after = line[end:]
        is_whole = not after or after[0].isspace() or _ENDS_CHINESE.search(sentence) is not None
        if is_whole and _ENDED.search(before):
            found.append(end)
        at = line.find(sentence, at + 1)
    return found


def legend() -> str:
    """Return what the sign means, in the language in force."""
    return _(
        "%(sign)s A machine put this sentence together from what people wrote and what the team did. Nobody has rewritten it."
    ) % {"sign": MACHINE_SIGN}

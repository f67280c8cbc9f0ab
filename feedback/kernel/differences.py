"""What changed between two texts, word by word; Chinese letter by letter."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_PIECE = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff]|[^\W\u3400-\u9fff\uf900-\ufaff]+|\s+|.", re.DOTALL
)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
#: Longer texts are compared line by line: comparing costs the product of both lengths.
_MOST_PIECES = 1_500

Change = Literal["same", "gone", "new"]


@dataclass(frozen=True)
class Part:
    """A stretch of text, and whether it stayed, went or came."""

    change: Change
    text: str


@dataclass(frozen=True)
class Version:
    """A text as it was from ``at`` on: ``parts`` says what is other than in the version before."""

    at: dt.datetime
    parts: list[Part]


def differences(before: str, after: str) -> list[Part]:
    """Return what stayed, went and came from ``before`` to ``after``, in the order of reading."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    if max(len(old), len(new)) > _MOST_PIECES:
        old, new = _LINE.findall(before), _LINE.findall(after)
    parts: list[Part] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Part("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            parts.append(Part("gone", "".join(old[i1:i2])))
        if j2 > j1:
            parts.append(Part("new", "".join(new[j1:j2])))
    return parts


def versions(
    *, now: str, began_at: dt.datetime, before: Sequence[tuple[dt.datetime, str]]
) -> list[Version]:
    """Return the versions of a text, the latest first.

    ``before`` has, the latest first, when it was changed and what it said until then; it says ``now`` since the first of these.
    """
    texts = [now, *(words for _at, words in before)]
    times = [*(at for at, _words in before), began_at]
    found = [
        Version(at, differences(older, newer))
        for at, newer, older in zip(times, texts, texts[1:], strict=False)
    ]
    return [*found, Version(began_at, [Part("same", texts[-1])])]

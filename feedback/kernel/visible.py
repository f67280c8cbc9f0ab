"""What a person sees of a text: which characters stay as they were typed, whether anything shows, how long it is.

Scripts and emoji need characters that show nothing by themselves: a Persian half space, the joiners of a family, the
marks that put a Hebrew sentence in order. They stay where they do something. What only hides, or turns what follows
around, is gone.
"""

import re

import regex

#: Code points that a character may take, on average: a kissing couple with two skin tones takes ten.
POINTS = 10

_SHOWS = regex.compile(
    # Neither space, control, mark nor filler; the braille blank, a note without a head and a missing object show nothing.
    r"[^\p{Z}\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u2800\ufffc\U0001d159]"
    r"|\p{Prepended_Concatenation_Mark}|[\p{Extended_Pictographic}&&\p{Cn}]",
    regex.V1,
)
_CLUSTER = regex.compile(r"\X")

_CONTROL = re.compile(
    # Controls, halves of pairs, what computers tell each other in the middle of a text, and no characters at all.
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "\U000e0000-\U000e001f]"
)
#: What may stay or not, by what stands beside it.
_DEPENDS = re.compile(
    "[\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
#: Letters that join or stack, so that a joiner says something after the last one too.
_JOINING = r"[[\p{L}\p{M}]--[\p{Latin}\p{Greek}\p{Cyrillic}\p{Han}\p{Hira}\p{Kana}\p{Hang}\p{Zyyy}\p{Zinh}]]"
_USELESS = regex.compile(
    # A joiner with nothing to join.
    r"(?<![\p{L}\p{M}\p{N}\p{S}])[\u200c\u200d]+"
    rf"|(?<!{_JOINING})[\u200c\u200d]+(?![\p{{L}}\p{{M}}\p{{N}}\p{{S}}])"
    # A place to break a line, in a script that has spaces or breaks anywhere.
    r"|(?<!\p{Line_Break=SA})\u200b+|\u200b+(?!\p{Line_Break=SA})"
    # A second look for one character, tags outside a flag.
    r"|(?<=[\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f\U000e0100-\U000e01ef]+"
    r"|(?<![\p{Extended_Pictographic}\p{M}\U0001f3fb-\U0001f3ff\U000e0020-\U000e007e])[\U000e0020-\U000e007f]+"
    r"|[\U000e0020-\U000e007e]+(?![\U000e0020-\U000e007f])",
    regex.V1,
)
_RIGHT_TO_LEFT = regex.compile(r"[[\p{Bidi_Class=R}\p{Bidi_Class=AL}]&&\p{L}]", regex.V1)
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKS_OF_DIRECTION = "\u061c\u200e\u200f"
_EMBEDDINGS, _OVERRIDES, _ISOLATES = "\u202a\u202b", "\u202d\u202e", "\u2066\u2067\u2068"
_END_OF_EMBEDDING, _END_OF_ISOLATE = "\u202c", "\u2069"


def shows(text: str) -> bool:
    """Return whether a person sees anything of ``text``: a letter, a digit, a sign, an emoji."""
    return _SHOWS.search(text) is not None


def length(text: str) -> int:
    """Return how many characters a person sees in ``text``; marks piled up beyond `POINTS` a character count too."""
    if text.isascii():
        return len(text)
    return max(len(_CLUSTER.findall(text)), -(-len(text) // POINTS))


def reads_right_to_left(text: str) -> bool:
    """Return whether letters of ``text`` are read from right to left: Hebrew, Arabic, Persian, Urdu."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def cut(text: str, most: int, *, end: str = "…") -> str:
    """Return ``text`` in at most ``most`` visible characters, ``end`` last where some are left out; none is cut in two."""
    if len(text) <= most or length(text) <= most:
        return text
    room = POINTS * most
    kept: list[str] = []
    for cluster in _CLUSTER.findall(text[: room + POINTS]):
        room -= len(cluster)
        if len(kept) == most - len(end) or room < len(end):
            break
        kept.append(cluster)
    return "".join(kept).rstrip() + end


def first(text: str) -> str:
    """Return the first character of ``text`` that a person sees, whole; "" when there is none."""
    return next((one for one in _CLUSTER.findall(text[: 10 * POINTS]) if shows(one)), "")


def as_typed(text: str) -> str:
    """Return ``text`` without what only hides: everything that shows, joins or puts in order stays as it was typed."""
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROL.sub("", text)
    if text.isascii() or not _DEPENDS.search(text):
        return text
    while (less := _USELESS.sub("", text)) != text:
        text = less
    if not _DIRECTION.search(text):
        return text
    return "\n".join(map(_ordered, text.split("\n")))


def _ordered(line: str) -> str:
    """Return ``line`` with those marks of direction that do something and reach no further than they should.

    What is opened and closed stays, in a line that has letters from right to left. Overrides, which show words in
    another order than they are read, do not.
    """
    if not _DIRECTION.search(line):
        return line
    if not _RIGHT_TO_LEFT.search(line):
        return _DIRECTION.sub("", line)
    stays: set[int] = set()
    opened: list[tuple[int, str]] = []
    for at, sign in enumerate(line):
        if sign in _MARKS_OF_DIRECTION:
            stays.add(at)
        elif sign in _EMBEDDINGS or sign in _OVERRIDES or sign in _ISOLATES:
            opened.append((at, sign))
        elif sign == _END_OF_EMBEDDING and opened and opened[-1][1] not in _ISOLATES:
            _close(line, opened.pop(), at, stays)
        elif sign == _END_OF_ISOLATE and any(one in _ISOLATES for _, one in opened):
            while opened[-1][1] not in _ISOLATES:
                opened.pop()
            _close(line, opened.pop(), at, stays)
    return "".join(
        sign for at, sign in enumerate(line) if at in stays or not _DIRECTION.match(sign)
    )


def _close(line: str, opening: tuple[int, str], at: int, stays: set[int]) -> None:
    start, sign = opening
    if sign not in _OVERRIDES and shows(line[start:at]):
        stays.update((start, at))

"""The samples there are, and which of them a person asks for.

Read before any package is installed, so that a slip is told at once: no imports beyond the standard library, and no
syntax younger than Python 3.6.
"""

from pathlib import Path

#: A folder for each sample.
DATA = Path(__file__).parent / "data"
#: What a new site begins with unless somebody says otherwise.
DEFAULT = "living"
#: What a person says who wants none.
NONE = "none"


class UnknownSample(Exception):
    """No sample has that name; the message is one sentence for the person at the keyboard."""


def names() -> "list[str]":
    """Return the names of the samples, the default one first."""
    found = sorted(path.parent.name for path in DATA.glob("*/sample.toml"))
    return sorted(found, key=lambda name: name != DEFAULT)


def chosen(words: str) -> "list[str]":
    """Return the samples that ``words`` names, with commas between them; none for "none". Nothing is the default one.

    Raises `UnknownSample`.
    """
    wanted = [word.strip().lower() for word in words.replace("，", ",").split(",") if word.strip()]
    wanted = list(dict.fromkeys(wanted)) or [DEFAULT]
    if wanted == [NONE]:
        return []
    known = names()
    for word in wanted:
        if word == NONE:
            raise UnknownSample(
                f'"{NONE}" stands alone: a new site begins with samples or without.'
            )
        if word not in known:
            raise UnknownSample(
                f'there is no sample called "{word}"; choose {", ".join(known)}, several with commas '
                f"between them, or {NONE}."
            )
    return wanted

"""What of a text and of how it came a machine weighs that learns from people's verdicts; pure and quick, without scikit-learn."""

import unicodedata
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: Places of the letters; those of the facts stand behind them.
LETTERS = 1 << 14
#: Letters of a text that are read: spam says it early.
_READ = 2_000
_FACTS = ("link", "links", "new", "hour", "fast", "flood")
SIZE = LETTERS + len(_FACTS)


@dataclass(frozen=True)
class Circumstances:
    """How a text came: links in it, minutes since its author joined, and what they said in the ten minutes before."""

    links: int = 0
    minutes_here: float = 1e9
    said_just_now: int = 0


#: A text with how it came.
Case = tuple[str, Circumstances]


def places(text: str, circumstances: Circumstances) -> npt.NDArray[np.int64]:
    """Return the places of what ``text`` has: (n,), in order, each once."""
    found = {zlib.crc32(gram.encode()) % LETTERS for gram in _grams(text)}
    found |= {LETTERS + _FACTS.index(fact) for fact in _facts(circumstances)}
    return np.array(sorted(found), dtype=np.int64)


def score(text: str, circumstances: Circumstances, weights: npt.NDArray[np.float32]) -> float:
    """Return how much ``text`` is like what was removed: above 0 more than like what stood. ``weights``: (SIZE + 1,), the last is the bias."""
    where = places(text, circumstances)
    return float(weights[where] @ values(where) + weights[-1])


def values(where: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Return how much each of ``where`` weighs: letters together as much as a fact alone, however long the text is."""
    letters = where < LETTERS
    shared = 1 / np.sqrt(max(1, int(letters.sum())))
    return np.where(letters, shared, 1.0).astype(np.float32)


def _grams(text: str) -> set[str]:
    """Return the runs of two and three letters in ``text``, words with their edges."""
    plain = " ".join(unicodedata.normalize("NFKC", text[:_READ]).casefold().split())
    edged = f" {plain} "
    return {edged[at : at + size] for size in (2, 3) for at in range(len(edged) - size + 1)}


def _facts(circumstances: Circumstances) -> set[str]:
    return {
        fact
        for fact, holds in (
            ("link", circumstances.links >= 1),
            ("links", circumstances.links >= 2),
            ("new", circumstances.minutes_here < 24 * 60),
            ("hour", circumstances.minutes_here < 60),
            ("fast", circumstances.said_just_now >= 2),
            ("flood", circumstances.said_just_now >= 5),
        )
        if holds
    }

"""What an advert by a stranger reads like, learned from examples that ship with Heed: before a team has decided anything.

By the meaning of a text where it has a vector of an encoder that Heed knows, by its letters otherwise.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt

from feedback.engine.verdicts.features import LETTERS, Circumstances, places, values
from feedback.engine.verdicts.reaching import reaches

Floats = npt.NDArray[np.float32]
#: Facts beside letters or meaning: it says how somebody is reached, it has links, it is short.
_FACTS, _SHORT = 3, 60
#: How much a vector, of length one, weighs beside a fact.
_WEIGHT_OF_MEANING = 3.0


class Advert(IntEnum):
    """How sure it is that a text is an advert."""

    NO = 0
    DOUBTFUL = 1  # enough while many of them come
    YES = 2


@dataclass(frozen=True, eq=False)
class Reader:
    """A linear judgement. ``weights``: (k + 1,), the last is the bias; scores of ``doubtful`` and ``sure`` or more are an `Advert`."""

    weights: Floats
    doubtful: float
    sure: float

    def says(self, row: Floats) -> Advert:
        """Return what a text with these features (k,) is."""
        score = float(row @ self.weights[:-1] + self.weights[-1])
        return Advert((score >= self.doubtful) + (score >= self.sure))

    def kept(self) -> dict[str, Any]:
        """Return what `shipped` reads."""
        thresholds = np.array([self.doubtful, self.sure], dtype=np.float32)
        return {"weights": self.weights.astype(np.float16), "thresholds": thresholds}


def by_letters(said: str, *, links: int) -> Floats:
    """Return the features of ``said`` where it has no vector: (LETTERS + 3,)."""
    row = np.zeros(LETTERS + _FACTS, dtype=np.float32)
    where = places(said, Circumstances())
    row[where] = values(where)
    row[LETTERS:] = _facts(said, links)
    return row


def by_meaning(vector: Floats, said: str, *, links: int) -> Floats:
    """Return the features of ``said`` with its ``vector`` (d,) of length one: (d + 3,)."""
    return np.concatenate([vector * _WEIGHT_OF_MEANING, _facts(said, links)]).astype(np.float32)


def _facts(said: str, links: int) -> Floats:
    return np.array([reaches(said), links > 0, len(said) < _SHORT], dtype=np.float32)


#: The reader of letters, beside those named by the key of an encoder.
LETTERS_ALONE = "letters"


@lru_cache(maxsize=8)
def shipped(name: str) -> Reader | None:
    """Return the reader that ships under ``name`` (`benchmarks.learn_adverts`): a model key or `LETTERS_ALONE`; None for others."""
    kept = files(__package__) / "learned" / f"{name}.npz"
    if not kept.is_file():
        return None
    with np.load(BytesIO(kept.read_bytes()), allow_pickle=False) as found:
        doubtful, sure = (float(one) for one in found["thresholds"])
        return Reader(found["weights"].astype(np.float32), doubtful, sure)


def examples() -> list[Mapping[str, Any]]:
    """Return the examples that ship: "title", "body", "lang", "kind", and whether it is an "advert"."""
    folder = files(__package__) / "examples"
    parts = sorted((one for one in folder.iterdir() if one.name.endswith(".jsonl")), key=str)
    return [
        json.loads(line) for part in parts for line in part.read_text(encoding="utf-8").splitlines()
    ]


def digest_of_examples() -> str:
    """Return what changes with the examples."""
    said = "\n".join(f"{one['advert']}{one['title']}\n{one['body']}" for one in examples())
    return f"{zlib.crc32(said.encode()):08x}"

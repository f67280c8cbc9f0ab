"""What people do with their words: ask for something, report a fault, ask a question, or only vent, praise or tell.

Learned from a few hundred sentences of no product in particular (`examples/`): ridge regression on their vectors, one
against the rest (regularised least squares, Rifkin and Klautau 2004). The vectors are those of the encoder in use, so any
encoder will do, and what it knows of a language carries over to languages with few examples.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np

from feedback.engine.data.corpus import Doubles, Floats
from feedback.engine.data.rows import BLOCK, Rows, read
from feedback.engine.words.stance import opposites

#: The kinds, those that ask for something first.
KINDS = ("wish", "fault", "question", "mood", "praise", "talk")
#: How many of them ask.
ASKING = 3
#: Weight of the penalty, and of the constant term.
_RIDGE, _RIDGE_POINTING = 1.0, 0.3
_CONSTANT = 0.1
#: The least share of sentences judged right from which a judgement is of use.
SURE = 0.88
_FILES = ("en", "zh", "other")


@cache
def examples() -> tuple[tuple[str, str], ...]:
    """Return (kind, sentence) of every example."""
    found = []
    kind = ""
    for name in _FILES:
        text = (files(__package__) / "examples" / f"{name}.txt").read_text(encoding="utf-8")
        for line in filter(None, map(str.strip, text.splitlines())):
            if line.startswith("# "):
                kind = line[2:]
            else:
                found.append((kind, line))
    return tuple(found)


def lessons() -> list[str]:
    """Return the sentences whose vectors `Speech.learn` reads: the `examples`, then the `opposites`."""
    return [sentence for _, sentence in examples()] + [sentence for sentence, _ in opposites()]


def digest_of_lessons() -> str:
    """Return what changes whenever a lesson does: weights that are kept know which ones they are of."""
    said = "\n".join(f"{what}\t{sentence}" for what, sentence in examples())
    said += "\n".join(f"{sign}\t{sentence}" for sentence, sign in opposites())
    return blake2b(said.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, eq=False)
class Speech:
    """A linear judgement of vectors (n, d): of their kind, and of which way a wish points (`stance`).

    ``weights`` (d, 7) and ``constant`` (7,): the kinds, then more or less. ``sure`` is the share of the examples that it
    would judge right, asking or not, had it not seen them. An encoder that knows letters and no meaning stays under
    `SURE`, and should not judge.
    """

    weights: Doubles
    constant: Doubles
    sure: float = 1.0

    @classmethod
    def learn(cls, vectors: Floats) -> "Speech":
        """Learn from the ``vectors`` (m, d) of the `lessons`, in their order."""
        kinds = [KINDS.index(kind) for kind, _ in examples()]
        signs = [sign for _, sign in opposites()]
        rows = _units(vectors)
        said, wished = rows[: len(kinds)], rows[len(kinds) :]
        wanted = np.where(np.equal.outer(kinds, range(len(KINDS))), 1.0, -1.0)
        weights, constant, unseen = _ridge(said, wanted, _RIDGE)
        asks = np.array(kinds) < ASKING
        sure = float(((margin(unseen) > 0) == asks).mean())
        # What is no wish points nowhere.
        elsewhere = said[[kind != KINDS.index("wish") for kind in kinds]]
        points = np.concatenate([signs, np.zeros(len(elsewhere))])
        more, lean, _ = _ridge(
            np.concatenate([wished, elsewhere]), points[:, None], _RIDGE_POINTING
        )
        return cls(np.hstack([weights, more]), np.append(constant, lean), sure)

    @classmethod
    def shipped(cls, model_key: str) -> "Speech | None":
        """Return the judgement that ships for the encoder of this key (`benchmarks.learn_speech`), or None.

        Other encoders read the `examples` once and `learn`.
        """
        kept = files(__package__) / "learned" / f"{model_key}.npz"
        if not kept.is_file():
            return None
        with np.load(BytesIO(kept.read_bytes()), allow_pickle=False) as found:
            return cls(found["weights"].astype(np.float64), found["constant"].astype(np.float64))

    def kept(self) -> dict[str, Any]:
        """Return what `shipped` reads."""
        return {
            "weights": self.weights.astype(np.float32),
            "constant": self.constant.astype(np.float32),
            "examples": np.array(digest_of_lessons()),
        }

    def scores(self, vectors: Rows) -> Doubles:
        """Return how much each of ``vectors`` (n, d) is of each kind (n, 6): 1 for certainly, -1 for certainly not."""
        return self._judged(vectors, slice(0, len(KINDS)))

    def asking(self, vectors: Rows) -> Doubles:
        """Return by how much each of ``vectors`` (n, d) rather asks for something than not (n,): about -2 to 2."""
        return margin(self.scores(vectors))

    def pointing(self, vectors: Rows) -> Doubles:
        """Return which way each of ``vectors`` (n, d) points (n,): about 1 for more of something, -1 for less."""
        return self._judged(vectors, slice(len(KINDS), None))[:, 0]

    def _judged(self, vectors: Rows, columns: slice) -> Doubles:
        weights, constant = self.weights[:, columns], self.constant[columns]
        out = np.empty((len(vectors), len(constant)))
        for start in range(0, len(vectors), BLOCK):
            rows = np.arange(start, min(start + BLOCK, len(vectors)))
            out[rows] = _units(read(vectors, rows)) @ weights + constant
        return out


def margin(scores: Doubles) -> Doubles:
    """Return by how much `Speech.scores` (n, 6) rather ask than not (n,)."""
    out: Doubles = scores[:, :ASKING].max(axis=1) - scores[:, ASKING:].max(axis=1)
    return out


def _ridge(rows: Doubles, wanted: Doubles, penalty: float) -> tuple[Doubles, Doubles, Doubles]:
    """Return weights, constant, and what each of ``rows`` would be scored without itself, in closed form (Allen 1974)."""
    inverse = np.linalg.inv(rows @ rows.T + _CONSTANT + penalty * np.eye(len(rows)))
    dual = inverse @ wanted
    return rows.T @ dual, _CONSTANT * dual.sum(axis=0), wanted - dual / np.diag(inverse)[:, None]


def _units(vectors: Floats) -> Doubles:
    rows = np.atleast_2d(np.asarray(vectors, dtype=np.float64))
    out: Doubles = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return out

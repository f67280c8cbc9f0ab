"""An encoder without a neural network: words and character n-grams, hashed.

It sees shared wording only, not meaning, and stands in where torch must not be loaded: tiny
machines, tests, and the first minute of an installation without weights.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import rjieba
from sklearn.feature_extraction.text import HashingVectorizer

from feedback.encoder.models.base import Vectors

COLUMNS = 1_024
_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_HAN = re.compile(r"[㐀-鿿]")


def _features(text: str) -> list[str]:
    """Words weigh three times a character trigram; a Han run is cut by rjieba."""
    lowered = text.lower()
    words = [word for word in rjieba.cut_for_search(lowered) if _WORD.match(word)]
    features = [f"w:{word}" for word in words for _ in range(3)]
    for word in words:
        size = 2 if _HAN.search(word) else 3
        framed = word if size == 2 else f"<{word}>"
        features.extend(f"c:{framed[i : i + size]}" for i in range(len(framed) - size + 1))
    return features


class HashingModel:
    """scikit-learn's :class:`HashingVectorizer` over :func:`_features`, square-root damped."""

    def __init__(self, columns: int = COLUMNS) -> None:
        self._vectorizer = HashingVectorizer(
            analyzer=_features, n_features=columns, alternate_sign=True, norm=None
        )

    @property
    def dims(self) -> int:
        return int(self._vectorizer.n_features)

    def embed(self, texts: Sequence[str]) -> Vectors:
        counts = self._vectorizer.transform(texts)
        counts.data = np.sign(counts.data) * np.sqrt(np.abs(counts.data))
        return np.asarray(counts.toarray(), dtype=np.float32)

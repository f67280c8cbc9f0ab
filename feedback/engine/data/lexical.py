"""The words of a post as one more view: TF-IDF, projected to a fixed width.

Sentence vectors blur product names, version numbers and rare words; the words themselves do not. The
projection is random but fixed by each word's own hash (signs, after Achlioptas 2003), so a post's view changes
with the board only through document frequencies. Cosines keep an error near 1 / sqrt(width).
"""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from feedback.engine.data.rows import BLOCK, Rows, storage
from feedback.engine.data.word_counts import WordCounts

WIDTH = 256


def lexical_view(counts: WordCounts, width: int = WIDTH) -> Rows:
    """Return unit vectors (n, width) of the TF-IDF weighted words; zeros for a post without words."""
    out: Rows = np.zeros((len(counts), width), dtype=storage(len(counts)))
    idf = (np.log((1 + len(counts)) / (1 + counts.frequency())) + 1.0).astype(np.float32)
    digests = _digests(counts.words, width)
    place = np.zeros(len(counts.words), dtype=np.int64)
    # In blocks of posts: the signs of all words of a large board would take more room than its vectors.
    for start in range(0, len(counts), BLOCK):
        ends = counts.starts[start : start + BLOCK + 1]
        numbers = counts.numbers[ends[0] : ends[-1]]
        times = counts.counts[ends[0] : ends[-1]].astype(np.float32)
        used = np.flatnonzero(np.bincount(numbers, minlength=len(place)))
        place[used] = np.arange(len(used))
        weights = csr_matrix(
            ((np.log(times) + np.float32(1.0)) * idf[numbers], place[numbers], ends - ends[0]),
            shape=(len(ends) - 1, len(used)),
        )
        block = weights @ _signs(digests[used])
        block /= np.maximum(np.linalg.norm(block, axis=1, keepdims=True), 1e-9)
        out[start : start + BLOCK] = block
    return out


def _digests(words: Sequence[str], width: int) -> npt.NDArray[np.uint8]:
    digests = b"".join(
        hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=width // 8).digest()
        for word in words
    )
    return np.frombuffer(digests, dtype=np.uint8).reshape(len(words), width // 8)


def _signs(digests: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    signs = np.unpackbits(digests, axis=1).astype(np.float32)
    signs *= 2.0
    signs -= 1.0
    return signs

"""The words of a post as one more view: TF-IDF, projected to a fixed width.

Sentence vectors blur product names, version numbers and rare words; the words themselves do not. The
projection is random but fixed by each word's own hash (signs, after Achlioptas 2003), so a post's view changes
with the board only through document frequencies. Cosines keep an error near 1 / sqrt(width).
"""

import hashlib
from array import array
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from .corpus import Floats

WIDTH = 256


def lexical_view(tokens: Sequence[Sequence[str]], width: int = WIDTH) -> Floats:
    """Return unit vectors (n, width) of the TF-IDF weighted words; zeros for a post without words."""
    vocabulary: dict[str, int] = {}
    columns = array("i")
    data = array("f")
    starts = [0]
    for words in tokens:
        counts: dict[int, int] = {}
        for word in words:
            at = vocabulary.setdefault(word, len(vocabulary))
            counts[at] = counts.get(at, 0) + 1
        columns.extend(counts.keys())
        data.extend(counts.values())
        starts.append(len(columns))
    n = len(tokens)
    if not vocabulary:
        return np.zeros((n, width), dtype=np.float32)
    weights = csr_matrix(
        (np.log(np.array(data, dtype=np.float32)) + 1.0, np.array(columns), starts),
        shape=(n, len(vocabulary)),
    )
    frequency = np.bincount(np.array(columns), minlength=len(vocabulary))
    idf = (np.log((1 + n) / (1 + frequency)) + 1.0).astype(np.float32)
    projected: Floats = weights.multiply(idf[None, :]).tocsr() @ _signs(list(vocabulary), width)
    projected /= np.maximum(np.linalg.norm(projected, axis=1, keepdims=True), 1e-9)
    return projected.astype(np.float32)


def _signs(words: Sequence[str], width: int) -> Floats:
    digests = b"".join(
        hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=width // 8).digest()
        for word in words
    )
    bits = np.unpackbits(np.frombuffer(digests, dtype=np.uint8)).reshape(len(words), width)
    return bits.astype(np.float32) * 2.0 - 1.0

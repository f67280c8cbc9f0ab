"""Small boards for engine tests: posts around known centres, with words of their own."""

import numpy as np

from feedback.engine import Corpus

_WORDS = (
    "battery",
    "camera",
    "dark",
    "export",
    "login",
    "map",
    "price",
    "sound",
    "update",
    "widget",
)


def board(
    n: int = 60, asks: int = 6, *, noise: float = 0.35, seed: int = 0, prefix: str = "p"
) -> tuple[Corpus, list[int]]:
    """Return a corpus of ``n`` posts around ``asks`` centres in 32 dimensions, and the ask of each post."""
    rng = np.random.default_rng(seed)
    centres = np.linalg.qr(rng.normal(size=(32, 32)))[0][:asks]
    truth = [int(a) for a in rng.integers(0, asks, size=n)]
    vectors = centres[truth] + noise * rng.normal(size=(n, 32)) / np.sqrt(32) * 2
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [f"please fix {_WORDS[ask % 10]} number {row} of mine" for row, ask in enumerate(truth)]
    ids = [f"{prefix}{row:04d}" for row in range(n)]
    return Corpus(ids, vectors.astype(np.float32), texts), truth

"""Asks as discs on a plane, their posts evenly inside: near in meaning is near in the picture."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

Floats = NDArray[np.float32]
#: Half the width of the picture.
REACH = 100.0
#: The share of the picture that discs cover together.
COVERED = 0.3
#: More new asks than this share of all: the picture is drawn anew.
NEW_SHARE = 0.34
_PUSHES, _NEIGHBOURS = 40, 12
_COMPONENTS = 30
_ITERATIONS = 500
#: Fewer asks than this stand on a ring.
_FEWEST = 6
_SEED = 20


def radii(posts: NDArray[np.int64]) -> Floats:
    """Return the radius of each ask's disc, shape (n,), from how many posts it has: its area is theirs."""
    total = max(1, int(posts.sum()))
    width = 2 * REACH
    scale = np.sqrt(COVERED * width * width / (np.pi * total))
    return np.asarray(np.minimum(scale, REACH / 25) * np.sqrt(np.maximum(posts, 1)), np.float32)


def place_asks(means: Floats, posts: NDArray[np.int64], before: Floats) -> Floats:
    """Return the centre of each ask, shape (n, 2).

    ``means`` has shape (n, dims), ``posts`` (n,); ``before`` (n, 2) holds the last picture's centres and NaN for an ask
    that was not in it. An ask that was there stays exactly where it was, unless a third of all are new.
    """
    known: NDArray[np.bool_] = np.asarray(np.isfinite(before).all(axis=1))
    if not len(means):
        return np.empty((0, 2), dtype=np.float32)
    if known.any() and (~known).mean() <= NEW_SHARE:
        return _beside(means, before, known)
    return _apart(_fresh(means), radii(posts))


def _fresh(means: Floats) -> Floats:
    """Return a new picture, scaled to `REACH`; source: van der Maaten and Hinton, 2008 (t-SNE)."""
    count = len(means)
    if count < _FEWEST:
        turn = 2 * np.pi * np.arange(count) / count
        ring = np.stack([np.cos(turn), np.sin(turn)], axis=1) * (REACH / 2) * (count > 1)
        return ring.astype(np.float32)
    parts = min(_COMPONENTS, count - 1, means.shape[1])
    reduced = PCA(n_components=parts, random_state=_SEED).fit_transform(means)
    drawn = TSNE(
        perplexity=min(30.0, (count - 1) / 3),
        init="pca" if parts >= 2 else "random",
        metric="euclidean",
        max_iter=_ITERATIONS,
        random_state=_SEED,
    ).fit_transform(reduced)
    drawn = drawn - drawn.mean(axis=0)
    return np.asarray(drawn * (REACH / max(float(np.abs(drawn).max()), 1e-6)), np.float32)


def _beside(means: Floats, before: Floats, known: NDArray[np.bool_]) -> Floats:
    """Return ``before`` with each new ask beside the known ones that are nearest in meaning."""
    centres = before.astype(np.float32).copy()
    new = np.flatnonzero(~known)
    if len(new):
        centres[new] = between(means[new], means[known], before[known], seeds=new)
    return centres


def between(vectors: Floats, means: Floats, centres: Floats, *, seeds: NDArray[np.int64]) -> Floats:
    """Return a place for each vector, shape (n, 2): the mean of its three nearest asks', and a little aside."""
    count = min(3, len(means))
    near = np.argpartition(-(_unit(vectors) @ _unit(means).T), count - 1, axis=1)[:, :count]
    turn = (seeds.astype(np.float64) * 2.399963) % (2 * np.pi)
    aside = np.stack([np.cos(turn), np.sin(turn)], axis=1) * (REACH / 40)
    return np.asarray(centres[near].mean(axis=1) + aside, np.float32)


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


def _apart(centres: Floats, sizes: Floats) -> Floats:
    """Return ``centres`` with overlapping discs pushed apart."""
    moved = centres.astype(np.float64)
    count = min(_NEIGHBOURS, len(moved))
    for _ in range(_PUSHES if count > 1 else 0):
        distance, near = cKDTree(moved).query(moved, k=count)
        overlap = np.maximum(sizes[:, None] + sizes[near] - distance, 0.0)
        overlap[near == np.arange(len(moved))[:, None]] = 0.0
        if not overlap.any():
            break
        way = (moved[:, None] - moved[near]) / np.maximum(distance, 1e-6)[..., None]
        moved += (way * (overlap / 3)[..., None]).sum(axis=1)
    return moved.astype(np.float32)


def bearings(vectors: Floats, means: Floats) -> tuple[Floats, Floats]:
    """Return the direction in radians and the distance of each vector from its ask's mean, each of shape (n,)."""
    apart = vectors - means
    axes = np.random.default_rng(_SEED).standard_normal((2, vectors.shape[1])).astype(np.float32)
    seen = apart @ axes.T
    angle = np.arctan2(seen[:, 1], seen[:, 0])
    return angle.astype(np.float32), np.linalg.norm(apart, axis=1).astype(np.float32)


def fill_disc(angles: Floats, distances: Floats, radius: float) -> Floats:
    """Return places in a disc around 0, shape (n, 2): the nearest to the mean in the middle, all of them even."""
    count = len(angles)
    order = np.argsort(distances, kind="stable")
    out = np.empty(count, dtype=np.float64)
    out[order] = np.sqrt((np.arange(count) + 0.5) / max(count, 1)) * radius * 0.9
    return np.stack([np.cos(angles) * out, np.sin(angles) * out], axis=1).astype(np.float32)

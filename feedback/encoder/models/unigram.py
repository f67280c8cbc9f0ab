"""SentencePiece unigram tokenising in plain Python, for the vocabulary of :mod:`.packed_e5`.

The best segmentation of a word is found with Viterbi (Kudo 2018, "Subword Regularization"), and
remembered: words follow Zipf's law, so most of a text is looked up. This holds the 250,000 pieces in a
fifth of the memory of a trie and needs no lock.
"""

from __future__ import annotations

from array import array
from functools import lru_cache

from feedback.encoder.models.packed_e5 import Pieces

SPACE = "\u2581"
_REMEMBERED = 32_768


class UnigramTokenizer:
    """Text to piece ids, without the start and end marks."""

    def __init__(self, pieces: Pieces) -> None:
        marks = {"<s>", "<pad>", "</s>", "<unk>", "<mask>"}
        self._ids = {piece: i for piece, i in pieces.ids.items() if piece not in marks}
        self._scores = array("f", pieces.scores.tobytes())
        self._longest = max(map(len, self._ids))
        self._unk = pieces.unk
        self._unk_score = float(pieces.scores.min()) - 10.0
        self._normalisation = pieces.normalisation
        self._segmented = lru_cache(maxsize=_REMEMBERED)(self._segment)

    def encode(self, text: str) -> list[int]:
        """Piece ids of ``text``; a run of unknown characters is one unknown piece."""
        words = text.translate(self._normalisation).split(" ")
        ids: list[int] = []
        for position, word in enumerate(words):
            # Runs of spaces are one; a space at the very end is a piece of its own.
            if word or position == len(words) - 1:
                ids.extend(self._segmented(SPACE + word))
        return ids

    def _segment(self, word: str) -> tuple[int, ...]:
        length = len(word)
        best = [0.0] + [-1e30] * length
        start_of = [0] * (length + 1)
        piece_of = [self._unk] * (length + 1)
        ids, scores = self._ids, self._scores
        for start in range(length):
            base = best[start]
            for stop in range(start + 1, min(length, start + self._longest) + 1):
                piece = ids.get(word[start:stop])
                if piece is not None and base + scores[piece] > best[stop]:
                    best[stop] = base + scores[piece]
                    start_of[stop] = start
                    piece_of[stop] = piece
            if base + self._unk_score > best[start + 1]:
                best[start + 1] = base + self._unk_score
                start_of[start + 1] = start
                piece_of[start + 1] = self._unk
        found: list[int] = []
        at = length
        while at:
            if not (found and found[-1] == self._unk == piece_of[at]):
                found.append(piece_of[at])
            at = start_of[at]
        return tuple(reversed(found))

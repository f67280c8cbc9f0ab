"""Which words stand in which post, as numbers: cut once, then counted without a loop over words."""

from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class WordCounts:
    """The words of n posts.

    ``words`` (v,) are the distinct words in the order in which they first occur. Post i holds the word numbers
    ``numbers[starts[i] : starts[i + 1]]``, ascending and each once, ``counts`` times.
    """

    words: list[str]
    starts: Ints
    numbers: Numbers
    counts: Numbers

    @classmethod
    def of(cls, posts: Iterable[list[str]]) -> "WordCounts":
        """Count the words of posts that are already cut, read one at a time."""
        number: defaultdict[str, int] = defaultdict(count().__next__)
        every = array("i")
        lengths = array("q")
        for cut in posts:
            every.extend(map(number.__getitem__, cut))
            lengths.append(len(cut))
        width = max(len(number), 1)
        key = np.repeat(np.arange(len(lengths), dtype=np.int64) * width, np.asarray(lengths))
        key += np.asarray(every)
        key.sort()
        first = np.flatnonzero(np.diff(key, prepend=-1))
        counts = np.diff(first, append=len(key)).astype(np.int32)
        key = key[first]
        starts = np.searchsorted(key, np.arange(len(lengths) + 1, dtype=np.int64) * width)
        return cls(list(number), starts, (key % width).astype(np.int32), counts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def numbers_of(self, row: int) -> Numbers:
        """Return the numbers of the distinct words of post ``row``, ascending."""
        return self.numbers[self.starts[row] : self.starts[row + 1]]

    def of_row(self, row: int) -> list[str]:
        """Return the distinct words of post ``row``."""
        return [self.words[number] for number in self.numbers_of(row).tolist()]

    def frequency(self) -> Ints:
        """Return for every word the number of posts (v,) it stands in."""
        return np.bincount(self.numbers, minlength=len(self.words))

    def in_rows(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return the words of the posts ``rows`` and in how many of them each stands: (numbers, posts)."""
        spans = [self.numbers_of(row) for row in rows.tolist()]
        numbers = np.sort(np.concatenate(spans)) if spans else self.numbers[:0]
        first = np.flatnonzero(np.diff(numbers, prepend=-1))
        return numbers[first].astype(np.int64), np.diff(first, append=len(numbers))

"""The posts that a `Placer` knows: their vectors, their groups, and who is near, kept up as they change."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from feedback.engine.data.corpus import Corpus, Floats, Id, Ints, Key
from feedback.engine.data.space import Space, SpaceSums
from feedback.engine.describe.reasons import Near
from feedback.engine.neighbours.ann_index import WIDTH, CompactIndex, best, exact
from feedback.engine.neighbours.directions import directions_of
from feedback.engine.rules.contraction import squeezed

#: Rows and groups whose exact similarity is worked out for one post.
_ROWS_COMPARED = 256
_GROUPS_COMPARED = 64
#: A group of more posts keeps the sum of its vectors; a smaller one is summed when it is asked for.
_SUMMED_FROM = 24
#: Of a larger group, so many posts are compared exactly with a new one.
_MEMBERS_COMPARED = 64
#: Rows that are brought into the space at a time.
_CHUNK = 4_096
_NOBODY = np.zeros(0, dtype=np.int64)


class PlacementIndex:
    """Posts by row, and the groups they are in.

    ``corpus`` is read whole or in pieces, one after another; ``keys`` and ``space`` as `Placer` has them. Vectors are
    kept in half precision. Not safe in threads.
    """

    def __init__(
        self,
        corpus: Corpus | Iterable[Corpus],
        keys: Mapping[Id, Key | None],
        space: Space | None,
    ) -> None:
        self._ids: list[Id | None] = []
        self._row: dict[Id, int] = {}
        self._free: list[int] = []
        self._home: Ints = np.full(256, -1, dtype=np.int64)
        self._digest = np.zeros(256, dtype=np.int64)
        self._twins: dict[int, int] = {}
        self._keys: list[Key] = []
        self._number: dict[Key, int] = {}
        self._members: list[Ints] = []
        self._sums: dict[int, Floats] = {}
        self._stale: set[int] = set()
        languages = self._read([corpus] if isinstance(corpus, Corpus) else corpus, space)
        self._settle(languages, keys)

    # --- Building --------------------------------------------------------------------------------------------
    def _read(self, parts: Iterable[Corpus], space: Space | None) -> list[str]:
        """Take the vectors in as they are; learn the space. Returns the languages of the rows."""
        sums = SpaceSums()
        languages: list[str] = []
        self._rows = np.zeros((0, 0), dtype=np.float16)
        for part in parts:
            if space is None:
                sums.take(part)
            languages += part.languages
            start = len(self._ids)
            self._make_room(start + len(part), part.vectors.shape[1])
            self._rows[start : start + len(part)] = part.vectors
            for i, text in zip(part.ids, part.full_texts, strict=True):
                row = len(self._ids)
                self._row[i] = row
                self._ids.append(i)
                self._digest[row] = _digest(text)
        self.space = space or sums.space()
        return languages

    def _settle(self, languages: Sequence[str], keys: Mapping[Id, Key | None]) -> None:
        """Bring the rows into the space, in place, and index them and their groups."""
        n = len(self._ids)
        for start in range(0, n, _CHUNK):
            rows = self._rows[start : min(start + _CHUNK, n)]
            rows[:] = self.space.transform(
                rows.astype(np.float32), languages[start : start + len(rows)]
            )
        by_key: dict[Key, list[int]] = defaultdict(list)
        for row, i in enumerate(self._ids):
            key = keys.get(i) if i is not None else None
            if key is not None:
                by_key[key].append(row)
                self._twins.setdefault(int(self._digest[row]), row)
        self._near = CompactIndex.build(self._rows[:n])
        basis = self._near.basis
        means = np.zeros((len(by_key), max(basis.shape[0], 1)), dtype=np.float16)
        for at, key in enumerate(sorted(by_key)):
            self._number[key] = at
            self._keys.append(key)
            rows_here = np.array(by_key[key], dtype=np.int64)
            self._members.append(rows_here)
            self._home[rows_here] = at
            means[at] = self._sum(at) / len(rows_here)
        self._means = CompactIndex.build(
            means, basis if len(basis) else directions_of(means, WIDTH), in_cells=False
        )

    def _make_room(self, rows: int, dims: int) -> None:
        if self._rows.shape[1] != dims and not self._ids:
            self._rows = np.zeros((rows, dims), dtype=np.float16)
        if rows > len(self._rows):
            self._rows = _roomier(self._rows, rows)
        if rows > len(self._home):
            self._home = _roomier(self._home, rows, fill=-1)
            self._digest = _roomier(self._digest, rows)

    # --- What is there --------------------------------------------------------------------------------------
    def __len__(self) -> int:
        return len(self._row)

    def __contains__(self, i: object) -> bool:
        return i in self._row

    def key_of(self, i: Id) -> Key | None:
        """Return the group of post ``i``, None when it is in none or unknown."""
        row = self._row.get(i)
        home = -1 if row is None else int(self._home[row])
        return self._keys[home] if home >= 0 else None

    def members(self, key: Key) -> list[Id]:
        """Return the posts of the group ``key``."""
        at = self._number.get(key)
        rows = _NOBODY if at is None else self._members[at]
        return [i for i in (self._ids[row] for row in rows.tolist()) if i is not None]

    def homes(self) -> Iterator[tuple[Id, Key]]:
        """Yield every placed post with its group."""
        for i, row in self._row.items():
            if self._home[row] >= 0:
                yield i, self._keys[self._home[row]]

    @property
    def megabytes(self) -> float:
        """What the vectors weigh here, in memory."""
        sums = sum(total.nbytes for total in self._sums.values())
        return (
            self._rows.nbytes + self._near.points.nbytes + self._means.points.nbytes + sums
        ) / 1e6

    # --- What changes ---------------------------------------------------------------------------------------
    def add(self, posts: Corpus, keys: Mapping[Id, Key | None]) -> None:
        """Take ``posts`` in with the groups they are in now; a known post is read and placed anew."""
        self.remove([i for i in posts.ids if i in self._row])
        vectors = self.space.transform(posts.vectors, posts.languages)
        for at, i in enumerate(posts.ids):
            row = self._new_row(i, vectors.shape[1])
            self._rows[row] = vectors[at]
            self._digest[row] = _digest(posts.full_texts[at])
            self._near.put(row, vectors[at])
        self.move({i: keys.get(i) for i in posts.ids})

    def remove(self, ids: Iterable[Id]) -> None:
        """Forget these posts."""
        known = [i for i in ids if i in self._row]
        self.move(dict.fromkeys(known))
        for i in known:
            row = self._row.pop(i)
            self._ids[row] = None
            self._rows[row] = 0
            self._near.drop(row)
            self._free.append(row)

    def move(self, keys: Mapping[Id, Key | None]) -> None:
        """Note that these posts are in other groups (None: in none) by now; unknown ones are passed over."""
        leaving: dict[int, list[int]] = defaultdict(list)
        coming: dict[int, list[int]] = defaultdict(list)
        for i, key in keys.items():
            row = self._row.get(i)
            if row is None or self.key_of(i) == key:
                continue
            before = int(self._home[row])
            if before >= 0:
                leaving[before].append(row)
            if key is None:
                self._home[row] = -1
            else:
                at = self._number_of(key)
                self._home[row] = at
                coming[at].append(row)
        for at, rows in leaving.items():
            self._members[at] = np.setdiff1d(self._members[at], rows)
            # From the rows, not by subtracting: a group of one leaves exactly nothing.
            self._sums.pop(at, None)
            self._forget_words(at, rows)
        for at, rows in coming.items():
            added = np.array(rows, dtype=np.int64)
            if at in self._sums:
                self._sums[at] = self._sums[at] + self._rows[added].sum(axis=0, dtype=np.float32)
            self._members[at] = np.concatenate([self._members[at], added])
            for row in rows:
                self._twins.setdefault(int(self._digest[row]), row)
        self._stale.update(leaving, coming)

    def _new_row(self, i: Id, dims: int) -> int:
        if self._free:
            row = self._free.pop()
            self._ids[row] = i
        else:
            row = len(self._ids)
            self._make_room(row + 1, dims)
            self._ids.append(i)
        self._row[i] = row
        self._home[row] = -1
        return row

    def _number_of(self, key: Key) -> int:
        at = self._number.get(key)
        if at is None:
            at = self._number[key] = len(self._keys)
            self._keys.append(key)
            self._members.append(_NOBODY)
        return at

    def _forget_words(self, at: int, rows: Iterable[int]) -> None:
        """Have the words of ``rows``, which left group ``at`` for none, lead to who else there has said them."""
        for row in rows:
            digest = int(self._digest[row])
            if self._home[row] >= 0 or self._twins.get(digest) != row:
                continue
            same = self._members[at][self._digest[self._members[at]] == digest]
            if len(same):
                self._twins[digest] = int(same[0])
            else:
                del self._twins[digest]

    def _sum(self, at: int) -> Floats:
        """Return the sum (d,) of the vectors of a group."""
        total = self._sums.get(at)
        if total is None:
            rows = self._members[at]
            total = np.zeros(self._rows.shape[1], dtype=np.float32)
            for start in range(0, len(rows), _CHUNK):
                total += self._rows[rows[start : start + _CHUNK]].sum(axis=0, dtype=np.float32)
            if len(rows) >= _SUMMED_FROM:
                self._sums[at] = total
        return total

    def refresh(self) -> None:
        """Bring the indexes up to what was moved since."""
        for at in sorted(self._stale):
            if len(self._members[at]):
                mean = (self._sum(at) / len(self._members[at])).astype(np.float32)
                self._means.put(at, mean)
            else:
                self._means.drop(at)
        self._stale.clear()
        if self._means.is_worn:
            self._means = self._means.renewed()
        if self._near.is_worn:
            self._near = self._near.renewed()

    # --- Who is near -----------------------------------------------------------------------------------------
    def groups(self, vector: Floats, count: int) -> list[tuple[Key, float]]:
        """Return the ``count`` groups whose mean is most similar, best first, with that similarity."""
        likely = self._means.candidates(vector, max(_GROUPS_COMPARED, 2 * count))
        likely.sort()
        found = best(self._scores(likely, vector), likely, count)
        return [(self._keys[at], score) for at, score in found]

    def score(self, key: Key, vector: Floats) -> float:
        """Return the mean similarity of ``vector`` to the posts of a group; 0 when there are none."""
        at = self._number.get(key)
        if at is None or not len(self._members[at]):
            return 0.0
        return float(self._scores(np.array([at]), vector)[0])

    def group_of_words(self, text: str, *, other_than: Id) -> Key | None:
        """Return the group of a post that says the same as ``text``, letter for letter, or None."""
        row = self._twins.get(_digest(text))
        if row is None or self._ids[row] == other_than or self._home[row] < 0:
            return None
        return self._keys[int(self._home[row])]

    def _scores(self, groups: Ints, vector: Floats) -> Floats:
        """Return the mean similarity of ``vector`` to the posts of each of these groups, none empty."""
        scores = np.zeros(len(groups), dtype=np.float32)
        gathered: list[Ints] = []
        few: list[int] = []
        for at, group in enumerate(groups.tolist()):
            if len(self._members[group]) >= _SUMMED_FROM:
                scores[at] = float(self._sum(group) @ vector) / len(self._members[group])
            else:
                gathered.append(self._members[group])
                few.append(at)
        if few:
            sizes = np.array([len(rows) for rows in gathered])
            similarity = exact(self._rows, np.concatenate(gathered), vector)
            starts = np.cumsum(sizes) - sizes
            scores[few] = np.add.reduceat(similarity, starts) / sizes
        return scores

    def nearest(self, i: Id, vector: Floats, count: int) -> tuple[Near, ...]:
        """Return the ``count`` most similar posts other than ``i``."""
        if not count:
            return ()
        rows = self._near.candidates(vector, max(_ROWS_COMPARED, 2 * count))
        rows = rows[rows != self._row.get(i, -1)]
        return self._named(best(exact(self._rows, rows, vector), rows, count))

    def _named(self, found: Iterable[tuple[int, float]]) -> tuple[Near, ...]:
        names = ((self._ids[row], value) for row, value in found)
        return tuple(Near(i, round(value, 4)) for i, value in names if i is not None)

    def nearest_members(self, key: Key, vector: Floats, count: int) -> tuple[Near, ...]:
        """Return the posts of a group that are most similar; of a large one, of those that look it."""
        at = self._number.get(key)
        if at is None or not len(self._members[at]):
            return ()
        rows = self._members[at]
        if len(rows) > 4 * _MEMBERS_COMPARED:
            about = self._near.scores_of(rows, vector)
            kept = np.argpartition(about, len(rows) - _MEMBERS_COMPARED)[-_MEMBERS_COMPARED:]
            rows = rows[kept]
        return self._named(best(exact(self._rows, rows, vector), rows, count))


def _digest(text: str) -> int:
    """Return a number that identical texts share: 64 bits of a hash, so that two others hardly ever do."""
    words = squeezed(text).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(words, digest_size=8).digest(), "big", signed=True)


def _roomier(rows: Any, least: int, *, fill: int = 0) -> Any:
    """Return ``rows`` with room for ``least`` and about an eighth more."""
    bigger = np.full((least + least // 8 + 256, *rows.shape[1:]), fill, dtype=rows.dtype)
    bigger[: len(rows)] = rows
    return bigger

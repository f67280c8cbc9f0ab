"""Every vector of one view in memory, to be compared while somebody types; SQLite only, PostgreSQL has pgvector.

A large site's vectors lie in a file of the data folder, mapped into every web process: read from the database once,
in memory once, and there at once after a restart. The file is worth nothing by itself: whoever finds it missing,
damaged or of another database makes it anew.
"""

import contextlib
import fcntl
import hashlib
import json
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from feedback.engine.neighbours.ann_index import CompactIndex, best
from feedback.grouping.models import EncoderModel, Vector

logger = logging.getLogger(__name__)

#: So many vectors are read while somebody waits; more are read in the background, and words answer until then.
READ_AT_ONCE = 2_000
#: From so many on they are kept in a file.
IN_A_FILE_FROM = 5_000
#: The file is made anew when this share of all, and at least `IN_A_FILE_FROM`, has come since.
GROWN = 0.1
#: Rows whose cosine is worked out exactly, of those that look nearest.
COMPARED = 300
_FORMAT = 1
_HEADER = 4096

View = tuple[str, int, int]
Halves = NDArray[np.float16]
Hashes = NDArray[np.bytes_]


class Held:
    """Some vectors, those with the smallest ids, and those that came after. Rows are added by one thread at a time.

    ``hashes`` (n,) names the rows (hexadecimal, ASCII), ``rows`` has shape (n, width), unit length, half
    precision; ``by_hash`` (n,) sorts the hashes. ``last_id`` is the id of the last vector that was read.
    """

    def __init__(
        self,
        hashes: Hashes,
        by_hash: NDArray[np.int64],
        rows: Halves,
        index: CompactIndex,
        last_id: int,
    ) -> None:
        self.hashes, self.by_hash, self.rows, self.index = hashes, by_hash, rows, index
        self.last_id = last_id
        self.late_hashes: list[str] = []
        self.late_rows: list[Halves] = []
        self.late_at: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.rows) + len(self.late_rows)

    @classmethod
    def of(cls, hashes: list[str], rows: Halves, last_id: int) -> "Held":
        names = np.array(hashes, dtype="S32")
        return cls(
            names,
            np.argsort(names, kind="stable").astype(np.int64),
            rows,
            CompactIndex.build(rows),
            last_id,
        )

    def append(self, content_hash: str, row: Halves) -> None:
        at = len(self)
        self.late_hashes.append(content_hash)
        self.late_rows.append(row)
        self.late_at[content_hash] = at
        # Last: whoever compares meanwhile sees a row once all of it is there.
        self.index.append(at, row.astype(np.float32))

    def scores(self, at: NDArray[np.int64], query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosines of the rows numbered ``at``, (len(at),)."""
        early = at < len(self.rows)
        gathered = np.empty((len(at), len(query)), dtype=np.float32)
        gathered[early] = self.rows[at[early]]
        for place in np.flatnonzero(~early):
            gathered[place] = self.late_rows[at[place] - len(self.rows)]
        found: NDArray[np.float32] = gathered @ query
        return found

    def name(self, at: int) -> str:
        late = at - len(self.rows)
        return self.late_hashes[late] if late >= 0 else bytes(self.hashes[at]).decode()

    def where(self, content_hash: str) -> int | None:
        """Return the row of a text, or None when it has none."""
        at = self.late_at.get(content_hash)
        if at is not None or not len(self.hashes):
            return at
        wanted = np.bytes_(content_hash.encode())
        place = int(np.searchsorted(self.hashes, wanted, sorter=self.by_hash))
        if place == len(self.hashes):
            return None
        row = int(self.by_hash[place])
        return row if self.hashes[row] == wanted else None


class VectorMatrix:
    """The vectors of one view, brought up to date by what was added since the last look. Safe in threads."""

    def __init__(self, model: EncoderModel, view: View) -> None:
        self.model_key, self.view = model.model_key, view
        self._held: Held | None = None
        #: The newest vector of whatever model at the last reading.
        self._looked_at = 0
        self._lock = threading.Lock()

    def refresh(self) -> bool:
        """Read the vectors written since the last call; return whether `nearest` may be asked now.

        One cheap query when there are none. Many are read by a thread of their own: until it is done the first
        time the answer is no, and later what was known before answers.
        """
        # Of all models: the newest of one alone would take reading all of them.
        newest = Vector.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        held = self._held
        if held is not None and newest <= self._looked_at:
            return True
        if not self._lock.acquire(blocking=False):
            return self._held is not None  # another thread reads them
        if newest - self._looked_at > READ_AT_ONCE:
            threading.Thread(target=self._read_apart, name="vectors", daemon=True).start()
            return self._held is not None  # the thread gives the lock back
        try:
            self._read()
        finally:
            self._lock.release()
        return True

    def nearest(self, query: NDArray[np.float32], count: int) -> list[tuple[str, float]]:
        """Return up to ``count`` (content hash, cosine) pairs, nearest first.

        Of a hundred thousand texts, 97 of the 100 nearest and practically always the first few.
        """
        held = self._held
        if held is None or not len(held):
            return []
        rows = held.index.candidates(query, max(COMPARED, 2 * count))
        found = best(held.scores(rows, query), rows, count)
        return [(held.name(row), score) for row, score in found]

    def cosines(self, hashes: list[str], query: NDArray[np.float32]) -> dict[str, float]:
        """Return the cosines of these texts, of those that have a vector here."""
        held = self._held
        if held is None:
            return {}
        at = {one: held.where(one) for one in hashes}
        known = {one: row for one, row in at.items() if row is not None}
        if not known:
            return {}
        scores = held.scores(np.array(list(known.values()), dtype=np.int64), query)
        return dict(zip(known, scores.tolist(), strict=True))

    # --- Reading ---------------------------------------------------------------------------------------------
    def _read_apart(self) -> None:
        try:
            self._read()
        except Exception:
            logger.exception("The vectors could not be read; the next look tries again.")
        finally:
            self._lock.release()
            connection.close()

    def _read(self) -> None:
        newest = Vector.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        held = self._held or self._start()
        if self._has_grown(held):
            held = self._start()
        for pk, content_hash, row in self._rows(after=held.last_id):
            held.append(content_hash, row)
            held.last_id = pk
        self._held, self._looked_at = held, newest

    def _has_grown(self, held: Held) -> bool:
        """Whether so much has come since ``held`` was made that its cells no longer fit."""
        waiting = Vector.objects.filter(model_key=self.model_key, pk__gt=held.last_id).count()
        late = len(held.late_rows) + waiting
        return late > max(IN_A_FILE_FROM, GROWN * len(held.rows))

    def _start(self) -> Held:
        """Return what the file has, or all the database has, kept in a file when it is much."""
        count = Vector.objects.filter(model_key=self.model_key).count()
        if count < IN_A_FILE_FROM:
            return self._read_all(count)
        path = self._path()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # one process makes it, the others wait and use it
            held = self._open(path)
            if held is None or self._has_grown(held):
                try:
                    _write(path, self._read_all(count), identity=self._identity())
                    held = self._open(path)
                except OSError as error:
                    logger.warning("The vectors cannot be kept at %s: %s", path, error)
        return held or self._read_all(count)

    def _path(self) -> Path:
        named = f"{connection.settings_dict['NAME']}:{self._identity()}"
        digest = hashlib.blake2b(named.encode(), digest_size=8).hexdigest()
        return Path(settings.DATA_DIR) / "vectors" / f"{digest}.matrix"

    def _identity(self) -> str:
        return f"{_FORMAT}:{self.model_key}:{self.view[1]}:{self.view[2]}"

    def _open(self, path: Path) -> Held | None:
        """Return what the file holds, or None when it is not there, not whole, or of another database."""
        try:
            header = _header(path)
            if header is None or header["identity"] != self._identity():
                return None
            vectors = Vector.objects.filter(model_key=self.model_key)
            last = vectors.filter(pk=header["last_id"]).values_list("content_hash", flat=True)
            if list(last) != [header["last_hash"]]:
                return None
            if vectors.filter(pk__lte=header["last_id"]).count() != header["arrays"]["rows"][1][0]:
                return None
            return _mapped(path, header)
        except (OSError, ValueError, KeyError, TypeError) as error:
            logger.info("The vectors kept at %s cannot be used: %s", path, error)
            return None

    def _read_all(self, count: int) -> Held:
        rows = np.zeros((count, self.view[2] - self.view[1]), dtype=np.float16)
        hashes: list[str] = []
        last = 0
        for pk, content_hash, row in self._rows(after=0):
            if len(hashes) == count:
                break  # came meanwhile; read with the next
            rows[len(hashes)] = row
            hashes.append(content_hash)
            last = pk
        return Held.of(hashes, rows[: len(hashes)], last)

    def _rows(self, *, after: int) -> Iterator[tuple[int, str, Halves]]:
        """Yield (id, content hash, unit row) of the vectors with a higher id, in the order of their ids."""
        start, stop = self.view[1], self.view[2]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, content_hash, substr(embedding, %s, %s) FROM grouping_vector"
                " WHERE model_key = %s AND id > %s ORDER BY id",
                [2 * start + 1, 2 * (stop - start), self.model_key, after],
            )
            while some := cursor.fetchmany(2_000):
                stored = np.frombuffer(b"".join(row[2] for row in some), dtype="<f2")
                block = stored.reshape(len(some), stop - start).astype(np.float32)
                block /= np.maximum(np.linalg.norm(block, axis=1, keepdims=True), 1e-9)
                for (pk, content_hash, _), row in zip(some, block.astype(np.float16), strict=True):
                    yield pk, content_hash, row


# --- The file --------------------------------------------------------------------------------------------------
def _arrays(held: Held) -> dict[str, NDArray[Any]]:
    return {
        "hashes": held.hashes,
        "by_hash": held.by_hash,
        "rows": held.rows,
        "basis": held.index.basis,
        "points": held.index.points,
        "row_of": held.index.row_of,
        "starts": held.index.starts,
        "centres": held.index.centres,
    }


def _write(path: Path, held: Held, *, identity: str) -> None:
    """Write what is held into a file that replaces ``path`` once it is whole."""
    arrays = _arrays(held)
    at = _HEADER
    places: dict[str, tuple[str, tuple[int, ...], int]] = {}
    for name, array in arrays.items():
        places[name] = (array.dtype.str, array.shape, at)
        at += -(-array.nbytes // 64) * 64
    header = {
        "identity": identity,
        "last_id": held.last_id,
        "last_hash": held.name(len(held.rows) - 1),
        "arrays": places,
        "size": at,
    }
    fresh = path.with_suffix(f".{os.getpid()}.new")
    try:
        with fresh.open("wb") as file:
            file.write(json.dumps(header).encode().ljust(_HEADER))
            for name, array in arrays.items():
                file.seek(places[name][2])
                file.write(np.ascontiguousarray(array).data)
            file.truncate(at)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            fresh.unlink()


def _header(path: Path) -> dict[str, Any] | None:
    try:
        with path.open("rb") as file:
            header = json.loads(file.read(_HEADER))
    except FileNotFoundError:
        return None
    return dict(header) if header["size"] == path.stat().st_size else None


def _mapped(path: Path, header: dict[str, Any]) -> Held:
    arrays = {
        name: np.memmap(path, dtype=dtype, mode="r", offset=offset, shape=tuple(shape))
        if 0 not in shape
        else np.zeros(tuple(shape), dtype=dtype)
        for name, (dtype, shape, offset) in header["arrays"].items()
    }
    plain = {name: np.asarray(array) for name, array in arrays.items()}
    index = CompactIndex(
        plain["basis"], plain["points"], plain["row_of"], plain["starts"], plain["centres"]
    )
    return Held(plain["hashes"], plain["by_hash"], plain["rows"], index, int(header["last_id"]))

"""Posts, decisions and earlier results in files, and vectors kept beside them.

Every problem is a `BadInput` whose one sentence says what to do.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from feedback.engine.data.corpus import NO_TITLE, Floats, Id
from feedback.engine.data.rows import BLOCK
from feedback.engine.rules.constraints import Constraints
from feedback.importing import sources
from feedback.importing.formats import CannotImport, Field, Settings, look
from feedback.importing.formats.files import open_rows
from feedback.importing.formats.refusals import NoRows
from feedback.importing.formats.rows import BrokenRow, Row
from feedback.importing.formats.titles import only_greets
from feedback.kernel import clock
from feedback.ops.files.reading import told


class BadInput(ValueError):
    """A file that cannot be used as it is."""


@dataclass(frozen=True)
class Posts:
    """The rows of a file. ``ids`` are text for comparing; ``given_ids`` are as the file has them."""

    ids: list[str]
    given_ids: list[Any]
    titles: list[str]
    texts: list[str]
    rows: list[dict[str, Any]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.ids)

    def column(self, name: str) -> list[str]:
        """Return one column as text. Raises BadInput when no row has it."""
        if not any(name in row for row in self.rows):
            raise BadInput(f'There is no column "{name}"; the columns are {_listed(self.rows[0])}.')
        return [_text(row.get(name)) for row in self.rows]


def read_posts(path: Path, settings: Settings | None = None) -> Posts:
    """Read the posts of any file that `import_posts` takes; which column holds what is judged alike, or said in ``settings``.

    Without an id column rows are numbered from 1. Raises BadInput.
    """
    try:
        settings = settings or Settings(time_zone=dt.UTC, needs_dates=False)
        mapping = look(path, settings, now=clock.now(), formats=sources.formats())
        with open_rows(mapping.shape) as opened:
            under = mapping.taken.get(Field.COMMENT_ON, "")
            rows = [row for row in _good(opened, path) if not row.values.get(under)]
    except NoRows:
        raise BadInput(f"{path} holds no rows; give a file with at least one post.") from None
    except CannotImport as error:
        raise BadInput(told(error)) from None
    text_column, title_column = (mapping.taken.get(one, "") for one in (Field.BODY, Field.TITLE))
    id_column = mapping.taken.get(Field.EXTERNAL_ID)
    ids: list[str] = []
    given: list[Any] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        value = row.values.get(id_column) if id_column else number
        if value is None or value == "" or isinstance(value, dict | list):
            raise BadInput(f'Line {row.line} of {path} has no "{id_column}"; give every row an id.')
        name = _text(value)
        if name in seen:
            raise BadInput(
                f'The id "{name}" stands in lines {seen[name]} and {row.line} of {path}; make the ids unique.'
            )
        seen[name] = row.line
        ids.append(name)
        given.append(value)
    return Posts(
        ids,
        given,
        [_title(row.values.get(title_column)) for row in rows],
        [_text(row.values.get(text_column)) for row in rows],
        [row.values for row in rows],
    )


def _good(rows: Iterable[Row | BrokenRow], path: Path) -> Iterator[Row]:
    for row in rows:
        if isinstance(row, BrokenRow):
            raise BadInput(f"Line {row.line} of {path} cannot be read: {row.reason}.")
        yield row


def _decoded(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise BadInput(f"There is no file {path}; check the path.") from error
    except IsADirectoryError as error:
        raise BadInput(f"{path} is a folder; name a file.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}.") from error


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    # str.splitlines would also cut at separators that may stand inside a JSON string.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadInput(
                f"Line {number} of {path} is not JSON ({error}); write one JSON object per line."
            ) from error
        if not isinstance(row, dict):
            raise BadInput(
                f"Line {number} of {path} is not a JSON object; write one JSON object per line."
            )
        yield number, row


def read_decisions(path: Path, known: Sequence[str]) -> Constraints:
    """Read decisions: JSONL with ``kind`` (TOGETHER or APART), ``a`` and ``b``. Raises BadInput."""
    ids = set(known)
    pairs: dict[str, list[tuple[str, str]]] = {"TOGETHER": [], "APART": []}
    for line, row in _json_rows(path, _decoded(path)):
        kind = _text(row.get("kind")).upper()
        if kind not in pairs:
            raise BadInput(
                f'Line {line} of {path} has the kind "{_text(row.get("kind"))}"; write TOGETHER or APART.'
            )
        a, b = _text(row.get("a")), _text(row.get("b"))
        for name in (a, b):
            if name not in ids:
                raise BadInput(
                    f'Line {line} of {path} names the id "{name}", which is not among the posts; '
                    "correct or remove the line."
                )
        if a == b and kind == "APART":
            raise BadInput(f'Line {line} of {path} sets "{a}" apart from itself; remove the line.')
        pairs[kind].append((a, b))
    return Constraints(together=pairs["TOGETHER"], apart=pairs["APART"])


@dataclass(frozen=True)
class Earlier:
    """An earlier result: the group of each post, and the decisions that bound it then."""

    keys: dict[Id, str]
    decisions: dict[str, set[tuple[str, str]]]


def read_previous(path: Path) -> Earlier:
    """Read an earlier output: JSONL with ``id`` and ``group``. Raises BadInput."""
    keys: dict[Id, str] = {}
    decisions: dict[str, set[tuple[str, str]]] = {}
    for line, row in _json_rows(path, _decoded(path)):
        name, group = _text(row.get("id")), _text(row.get("group"))
        if not name or not group:
            raise BadInput(
                f'Line {line} of {path} lacks "id" or "group"; give the output of an earlier run.'
            )
        if name in keys:
            raise BadInput(
                f'The id "{name}" occurs twice in {path}; give the output of an earlier run.'
            )
        keys[name] = group
        held = row.get("decisions")
        if isinstance(held, list):
            decisions[name] = {
                (_text(one[0]), _text(one[1]))
                for one in held
                if isinstance(one, list) and len(one) == 2
            }
    return Earlier(keys, decisions)


def decisions_by_post(constraints: Constraints) -> dict[str, set[tuple[str, str]]]:
    """Return for every post the (kind, other post) pairs that name it."""
    found: dict[str, set[tuple[str, str]]] = {}
    for kind, pairs in (("TOGETHER", constraints.together), ("APART", constraints.apart)):
        for a, b in pairs:
            found.setdefault(str(a), set()).add((kind, str(b)))
            found.setdefault(str(b), set()).add((kind, str(a)))
    return found


@dataclass(frozen=True, eq=False)
class Kept:
    """Vectors (n, d), the key of the model they are from ("" if not known) and the leads, empty if not known."""

    vectors: Floats
    model_key: str
    leads: list[str]


@dataclass(frozen=True)
class KeptVectors:
    """A .npy file of vectors, with a note beside it (.json) of whose they are."""

    path: Path

    @property
    def note(self) -> Path:
        return self.path.with_name(self.path.name + ".json")

    def load(self, texts: Sequence[str]) -> "Kept | None":
        """Return what is kept when the file exists. Raises BadInput."""
        if not self.path.exists():
            return None
        try:
            # Mapped, not read: the vectors of a large board are half a gigabyte.
            vectors: Floats = np.load(self.path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise BadInput(
                f"{self.path} is not a .npy file of numbers; remove it or name another."
            ) from error
        if vectors.ndim != 2 or len(vectors) != len(texts) or vectors.dtype.kind != "f":
            raise BadInput(
                f"{self.path} holds {vectors.dtype} of shape {vectors.shape}, but there are {len(texts)} posts; "
                "remove the file to have it computed, or name another."
            )
        if not all(
            np.isfinite(vectors[at : at + BLOCK]).all() for at in range(0, len(vectors), BLOCK)
        ):
            raise BadInput(f"{self.path} holds NaN or infinity; remove it to have it computed.")
        key, leads = "", list[str]()
        if self.note.exists():
            try:
                note = json.loads(self.note.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                note = {}
            if isinstance(note, Mapping):
                key = _text(note.get("model_key"))
                if note.get("texts") not in (None, digest(texts)):
                    raise BadInput(
                        f"{self.path} was computed for other texts; remove it or name another file."
                    )
                if isinstance(kept := note.get("leads"), Mapping):
                    leads = [_text(kept.get(str(row))) for row in range(len(texts))]
        return Kept(vectors.astype(np.float32, copy=False), key, leads)

    def save(
        self, vectors: Floats, texts: Sequence[str], model_key: str, leads: Sequence[str] = ()
    ) -> None:
        """Write the vectors and their note. Raises BadInput when the folder cannot be written."""
        try:
            with self.path.open("wb") as out:
                np.save(out, vectors)
            note = {
                "model_key": model_key,
                "texts": digest(texts),
                "rows": len(texts),
                "leads": {row: lead for row, lead in enumerate(leads) if lead},
            }
            self.note.write_text(json.dumps(note, ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as error:
            raise BadInput(f"{self.path} cannot be written: {error}.") from error


def digest(texts: Sequence[str]) -> str:
    """Return the name of a list of texts: equal exactly when texts and order are."""
    state = hashlib.blake2b(digest_size=16)
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.hexdigest()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8").strip()
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return json.dumps(value, ensure_ascii=False)


def _title(value: Any) -> str:
    title = _text(value)
    return "" if title.casefold() in NO_TITLE or only_greets(title) else title


def _listed(names: Any) -> str:
    return ", ".join(f'"{name}"' for name in sorted(names))

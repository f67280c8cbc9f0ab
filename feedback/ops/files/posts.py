"""Posts, decisions and earlier results in files, and vectors kept beside them.

Every problem is a `BadInput` whose one sentence says what to do.
"""

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from feedback.engine.data.corpus import NO_TITLE, Floats, Id
from feedback.engine.data.rows import BLOCK
from feedback.engine.rules.constraints import Constraints

_ENCODINGS = ("utf-8-sig", "gb18030")
_ID_COLUMNS = ("id", "external_id")


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


def read_posts(
    path: Path,
    *,
    text_column: str | None = None,
    title_column: str | None = None,
    id_column: str | None = None,
) -> Posts:
    """Read a CSV, TSV or JSONL file, plain or .gz, UTF-8 or GB18030.

    Without ``text_column`` the columns "text" and "body" are used, and "title" when there is one; a file with
    "text" and "body" has its titles in "text". Without an id column rows are numbered from 1.
    Raises BadInput.
    """
    rows = list(read_rows(path))
    if not rows:
        raise BadInput(f"{path} holds no rows; give a file with at least one post.")
    columns = {name for _, row in rows for name in row}
    text_column, title_column = _chosen_columns(columns, text_column, title_column)
    for option, name in (("text", text_column), ("title", title_column), ("id", id_column)):
        if name is not None and name not in columns:
            raise BadInput(
                f'{path} has no column "{name}"; name one of {_listed(columns)} with --{option}-column.'
            )
    id_column = id_column or next((name for name in _ID_COLUMNS if name in columns), None)
    ids: list[str] = []
    given: list[Any] = []
    seen: dict[str, int] = {}
    for number, (line, row) in enumerate(rows, 1):
        value = row.get(id_column) if id_column else number
        if value is None or value == "" or isinstance(value, dict | list):
            raise BadInput(f'Line {line} of {path} has no "{id_column}"; give every row an id.')
        name = _text(value)
        if name in seen:
            raise BadInput(
                f'The id "{name}" stands in lines {seen[name]} and {line} of {path}; make the ids unique.'
            )
        seen[name] = line
        ids.append(name)
        given.append(value)
    return Posts(
        ids,
        given,
        [_title(row.get(title_column)) if title_column else "" for _, row in rows],
        [_text(row.get(text_column)) if text_column else "" for _, row in rows],
        [row for _, row in rows],
    )


def _chosen_columns(
    columns: set[str], text_column: str | None, title_column: str | None
) -> tuple[str | None, str | None]:
    if text_column is None:
        if "body" in columns and "text" in columns and title_column in (None, "text"):
            return "body", title_column or "text"
        text_column = next((name for name in ("text", "body") if name in columns), None)
        if text_column is None and title_column is None and "title" not in columns:
            text_column = "text"
    if title_column is None and "title" in columns and text_column != "title":
        title_column = "title"
    return text_column, title_column


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, row) of a CSV, TSV or JSONL file, plain or .gz. Raises BadInput."""
    text = _decoded(path)
    name = path.name.lower().removesuffix(".gz")
    start = text.lstrip()[:1]
    if name.endswith((".jsonl", ".ndjson", ".json")) or (
        not name.endswith((".csv", ".tsv")) and start == "{"
    ):
        yield from _json_rows(path, text)
    else:
        first = text.split("\n", 1)[0]
        tabs = name.endswith(".tsv") or (not name.endswith(".csv") and "\t" in first)
        yield from _table_rows(path, text, "\t" if tabs else ",")


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except FileNotFoundError as error:
        raise BadInput(f"There is no file {path}; check the path.") from error
    except IsADirectoryError as error:
        raise BadInput(f"{path} is a folder; name a CSV, TSV or JSONL file.") from error
    except (OSError, EOFError) as error:
        raise BadInput(f"{path} cannot be read: {error}.") from error
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(f"{path} is neither UTF-8 nor GB18030; save it as UTF-8.")


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


def _table_rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(2**30)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if None in row:
                raise BadInput(
                    f"Line {reader.line_num} of {path} has more fields than the header; quote fields "
                    f"that hold a {'tab' if delimiter == chr(9) else 'comma'}."
                )
            yield reader.line_num, {name: value or "" for name, value in row.items()}
    except csv.Error as error:
        raise BadInput(
            f"Line {reader.line_num} of {path} is not a valid table row ({error}); check its quotes."
        ) from error


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
    return "" if title.casefold() in NO_TITLE else title


def _listed(names: Any) -> str:
    return ", ".join(f'"{name}"' for name in sorted(names))

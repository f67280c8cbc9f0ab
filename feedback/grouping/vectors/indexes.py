"""The nearest-neighbour index on PostgreSQL; SQLite compares exactly and needs none."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from feedback.grouping.models import EncoderModel
from feedback.grouping.similar.similar import view_of


def ensure_index(model: EncoderModel) -> str | None:
    """Build the HNSW index of the view that `similar` compares, unless it is there; return its name.

    Called after a run, not before the first import: filling a live HNSW index one row at a time costs several
    times what building it afterwards does. Nobody who writes vectors waits for it: outside a transaction it is built beside them
    (CONCURRENTLY), by one worker at a time, and a half that a killed one left goes first. Inside one it is built as ever.
    """
    if connection.vendor != "postgresql":
        return None
    name = _name_of(model)
    with _alone(name) as is_ours:
        if is_ours and not _is_there(name):
            _build(model, name)
    return name


def _build(model: EncoderModel, name: str) -> None:
    _, start, stop = view_of(model)
    width = stop - start
    key = model.model_key.replace("'", "''")  # DDL takes no parameters
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {_beside_others()} IF EXISTS {name}")
        cursor.execute(
            f"CREATE INDEX {_beside_others()} {name} ON grouping_vector USING hnsw"
            f" ((subvector(embedding, {start + 1}, {width})::halfvec({width})) halfvec_cosine_ops)"
            f" WHERE model_key = '{key}'"
        )


def drop_index(model: EncoderModel) -> None:
    """Drop the index of a model whose vectors go."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX {_beside_others()} IF EXISTS {_name_of(model)}")


@contextmanager
def _alone(name: str) -> Iterator[bool]:
    """Whether nobody else builds this index: the half of one that is at it must not be taken for what a killed worker left.

    PostgreSQL keeps the lock as long as the connection lives, and lets it go with it.
    """
    key = int.from_bytes(name.encode()[-8:], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_ours = cursor.fetchone()[0]
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _is_there(name: str) -> bool:
    """Whether the index is whole: PostgreSQL does not use one whose building was broken off."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name])
        found = cursor.fetchone()
    return found is not None and found[0]


def _beside_others() -> str:
    """Return the word by which PostgreSQL keeps nobody waiting, which it does not take inside a transaction."""
    return "" if connection.in_atomic_block else "CONCURRENTLY"


def _name_of(model: EncoderModel) -> str:
    digest = hashlib.blake2b(model.model_key.encode(), digest_size=6).hexdigest()
    return f"grouping_vector_hnsw_{digest}"

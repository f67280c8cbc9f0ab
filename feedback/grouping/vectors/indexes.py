"""The nearest-neighbour index on PostgreSQL; SQLite compares exactly and needs none."""

import hashlib

from django.db import connection

from feedback.grouping.models import EncoderModel
from feedback.grouping.similar.similar import view_of


def ensure_index(model: EncoderModel) -> str | None:
    """Build the HNSW index of the view that `similar` compares, unless it is there; return its name.

    Called after a run, not before the first import: filling a live HNSW index one row at a time costs several
    times what building it afterwards does.
    """
    if connection.vendor != "postgresql":
        return None
    _, start, stop = view_of(model)
    width = stop - start
    name = _name_of(model)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = %s", [name])
        if cursor.fetchone() is None:
            key = model.model_key.replace("'", "''")  # DDL takes no parameters
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {name} ON grouping_vector USING hnsw"
                f" ((subvector(embedding, {start + 1}, {width})::halfvec({width})) halfvec_cosine_ops)"
                f" WHERE model_key = '{key}'"
            )
    return name


def drop_index(model: EncoderModel) -> None:
    """Drop the index of a model whose vectors go."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX IF EXISTS {_name_of(model)}")


def _name_of(model: EncoderModel) -> str:
    digest = hashlib.blake2b(model.model_key.encode(), digest_size=6).hexdigest()
    return f"grouping_vector_hnsw_{digest}"

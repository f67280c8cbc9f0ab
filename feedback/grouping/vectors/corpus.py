"""Posts and their vectors, as the engine reads them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from feedback.engine import Corpus
from feedback.forum.models import Post
from feedback.grouping.models import EncoderModel, Vector

_CHUNK = 500
#: Posts of which all are read at a time by `corpora_of`.
_PIECE = 2_000


def each_vector(
    content_hashes: Iterable[str] | None, *, model: EncoderModel
) -> Iterator[tuple[str, NDArray[np.float32], str]]:
    """Yield (content hash, vector, lead) of these texts, or of all; each vector of shape (dims,), float32."""
    stored = Vector.objects.filter(model_key=model.model_key).values_list(
        "content_hash", "embedding", "lead"
    )
    if content_hashes is None:
        yield from stored.iterator(chunk_size=2000)
        return
    wanted = sorted(set(content_hashes))
    for start in range(0, len(wanted), _CHUNK):
        yield from stored.filter(content_hash__in=wanted[start : start + _CHUNK])


def vectors_of(
    content_hashes: Iterable[str], *, model: EncoderModel
) -> dict[str, NDArray[np.float32]]:
    """Return the vectors there are of these texts, by content hash; each of shape (dims,), float32."""
    return {said: vector for said, vector, _ in each_vector(content_hashes, model=model)}


@dataclass(frozen=True)
class _Words:
    pk: int
    title: str
    body: str
    language: str
    content_hash: str


def _words(posts: QuerySet[Post]) -> Iterator[_Words]:
    rows = posts.order_by("id").values_list("pk", "title", "body", "language", "content_hash")
    for row in rows.iterator(chunk_size=2000):
        yield _Words(*row)


def corpus_of(posts: QuerySet[Post], *, model: EncoderModel) -> Corpus:
    """Return those of ``posts`` that have a vector of ``model``, in the order of their ids.

    The corpus' ids are primary keys; vectors have shape (n, model.dims), float32.
    """
    rows = list(_words(posts))
    at: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        at.setdefault(row.content_hash, []).append(number)
    # Straight into the matrix: a hundred thousand vectors held beside it would double what a run weighs.
    matrix = np.empty((len(rows), model.dims), dtype=np.float32)
    has_vector = np.zeros(len(rows), dtype=bool)
    leads: dict[str, str] = {}
    wanted = at if len(at) <= 4 * _CHUNK else None
    for content_hash, vector, lead in each_vector(wanted, model=model):
        here = at.get(content_hash)
        if here is not None:
            matrix[here] = vector
            has_vector[here] = True
            if lead:
                leads[content_hash] = lead
    if not has_vector.all():
        matrix = matrix[has_vector]
        rows = [row for row, there in zip(rows, has_vector, strict=True) if there]
    return Corpus(
        ids=[row.pk for row in rows],
        vectors=matrix,
        texts=[row.body for row in rows],
        titles=[row.title for row in rows],
        languages=[row.language for row in rows],
        views=[tuple(view) for view in model.views],
        leads=[leads.get(row.content_hash, "") for row in rows],
    )


def corpora_of(posts: QuerySet[Post], *, model: EncoderModel) -> Iterator[Corpus]:
    """Yield what `corpus_of` returns in pieces, so that a large board need not fit into memory as it is read."""
    pks = list(posts.order_by("id").values_list("pk", flat=True))
    for start in range(0, len(pks), _PIECE):
        piece = pks[start : start + _PIECE]
        yield corpus_of(posts.filter(pk__gte=piece[0], pk__lte=piece[-1]), model=model)

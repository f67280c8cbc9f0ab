"""Posts and their vectors, as the engine reads them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from feedback.forum.models import Post
from feedback.insight.engine import Corpus
from feedback.insight.models import EncoderModel, Vector

_CHUNK = 500


def vectors_of(
    content_hashes: Iterable[str], *, model: EncoderModel
) -> dict[str, NDArray[np.float32]]:
    """Return the vectors there are of these texts, by content hash; each of shape (dims,), float32."""
    wanted = sorted(set(content_hashes))
    found: dict[str, NDArray[np.float32]] = {}
    for start in range(0, len(wanted), _CHUNK):
        found.update(
            Vector.objects.filter(
                model_key=model.model_key, content_hash__in=wanted[start : start + _CHUNK]
            ).values_list("content_hash", "embedding")
        )
    return found


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
    if len(rows) > 4 * _CHUNK:
        vectors = dict(
            Vector.objects.filter(model_key=model.model_key)
            .values_list("content_hash", "embedding")
            .iterator(chunk_size=2000)
        )
    else:
        vectors = vectors_of((row.content_hash for row in rows), model=model)
    rows = [row for row in rows if row.content_hash in vectors]
    matrix = np.empty((len(rows), model.dims), dtype=np.float32)
    for at, row in enumerate(rows):
        matrix[at] = vectors[row.content_hash]
    return Corpus(
        ids=[row.pk for row in rows],
        vectors=matrix,
        texts=[row.body for row in rows],
        titles=[row.title for row in rows],
        languages=[row.language for row in rows],
        views=[tuple(view) for view in model.views],
    )


def grouped_posts() -> QuerySet[Post]:
    """Return the posts that take part in grouping."""
    return Post.objects.filter(state=Post.State.PUBLISHED, board__is_grouped=True)

"""Posts of a file as a corpus: vectors from a .npy file, or from the encoder."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from feedback.encoder.models.base import Encoder
from feedback.encoder.models.registry import Description, load_encoder
from feedback.engine.data.corpus import Corpus, Floats
from feedback.kernel import text as words
from feedback.ops.files.posts import KeptVectors, Posts


def corpus_of(
    posts: Posts,
    encoder: Description,
    kept: str | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Corpus, str]:
    """Return the corpus of ``posts`` and the key of the model its vectors are from.

    Vectors are read from ``kept`` when that file exists, otherwise computed, and saved there if it is named.
    A file of other width than the encoder's is taken as one view of an unknown model.
    Raises BadInput, EncoderUnavailable.
    """
    texts = [
        words.text_of(title, text) for title, text in zip(posts.titles, posts.texts, strict=True)
    ]
    loaded = KeptVectors(Path(kept)).load(texts) if kept else None
    if loaded is not None:
        vectors, model_key = loaded
        if vectors.shape[1] == encoder.dims and model_key in ("", encoder.model_key):
            views, model_key = encoder.views, encoder.model_key
        else:
            views, model_key = (), model_key or f"unknown-{vectors.shape[1]}"
    else:
        model = load_encoder(encoder.spec)
        vectors, views, model_key = encode_posts(model, posts), model.views, model.model_key
        if kept:
            KeptVectors(Path(kept)).save(vectors, texts, model_key)
    return Corpus(posts.ids, vectors, posts.texts, posts.titles, (), views), model_key


def encode_posts(model: Encoder, posts: Posts) -> Floats:
    """Return a vector per post: of its words, or, where it has a title and a body, the mean of the two.

    A page of text drowns its title in one vector; as a half of its own the title keeps saying what is asked.
    """
    texts = [
        words.text_of(title, text) for title, text in zip(posts.titles, posts.texts, strict=True)
    ]
    both = [
        row
        for row, text in enumerate(texts)
        if posts.titles[row] and text not in (posts.titles[row], posts.texts[row])
    ]
    first = list(texts)
    for row in both:
        first[row] = posts.titles[row]
    encoded = model.encode([*first, *(posts.texts[row] for row in both)])
    vectors: Floats = encoded[: len(texts)].copy()
    vectors[both] += encoded[len(texts) :]
    vectors[both] /= np.maximum(np.linalg.norm(vectors[both], axis=1, keepdims=True), 1e-9)
    return vectors

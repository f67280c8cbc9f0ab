"""Posts of a file as a corpus: vectors from a .npy file, or from the encoder."""

from collections.abc import Callable
from pathlib import Path

from feedback.encoder.models.base import Encoder
from feedback.encoder.models.registry import Description, describe, load_encoder
from feedback.engine.data.corpus import Corpus
from feedback.engine.words.lead import Judge, Refrains
from feedback.engine.words.reading import PostVectors, read_posts
from feedback.engine.words.speech import Speech
from feedback.kernel import text as words
from feedback.ops.files.posts import KeptVectors, Posts

#: The view that judges sentences: it takes a millisecond or two for one.
QUICK_VIEW = "use"


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
        vectors, leads, model_key = loaded.vectors, loaded.leads, loaded.model_key
        if vectors.shape[1] == encoder.dims and model_key in ("", encoder.model_key):
            views, model_key = encoder.views, encoder.model_key
        else:
            views, model_key = (), model_key or f"unknown-{vectors.shape[1]}"
    else:
        model = load_encoder(encoder.spec)
        read = encode_posts(model, posts)
        vectors, leads, views, model_key = read.vectors, read.leads, model.views, model.model_key
        if kept:
            KeptVectors(Path(kept)).save(vectors, texts, model_key, leads)
    return Corpus(posts.ids, vectors, posts.texts, posts.titles, (), views, leads), model_key


def encode_posts(model: Encoder, posts: Posts) -> PostVectors:
    """Return a vector per post, in which what it asks for leads, and what leads (see `read_posts`)."""
    written = list(zip(posts.titles, posts.texts, strict=True))
    refrains = Refrains.learn(words.text_of(title, text) for title, text in written)
    return read_posts(written, model.encode, judge_of(model), refrains)


def judge_of(model: Encoder) -> Judge | None:
    """Return what tells how clearly sentences ask: by the quickest view of ``model``, or by all of it."""
    quick = Speech.shipped(describe(QUICK_VIEW).model_key)
    if quick is not None and any(view.name == QUICK_VIEW for view in model.views):
        return lambda said: quick.asking(model.encode(said, views=[QUICK_VIEW]))
    speech = Speech.shipped(model.model_key)
    if speech is None:
        return None
    return lambda said: speech.asking(model.encode(said))

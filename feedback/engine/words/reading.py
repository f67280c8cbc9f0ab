"""From the words of posts to their vectors: what is given to the encoder, and what leads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from feedback.engine.data.corpus import Floats
from feedback.engine.words.aside import telling_words
from feedback.engine.words.clauses import sentences
from feedback.engine.words.lead import LEAD_SHARE, Judge, Refrains, leads, skeleton
from feedback.kernel import text as words

#: Makes unit vectors (n, d) of texts.
Encode = Callable[[list[str]], Floats]
#: Characters up to which title and body are read as one text.
SHORT = 300
#: What a title weighs beside a long body.
TITLE_SHARE = 0.5


@dataclass(frozen=True, eq=False)
class PostVectors:
    """The vectors (n, d) of posts, and the ``leads`` that weigh most in them; "" where a post leads as a whole."""

    vectors: Floats
    leads: list[str]


@dataclass(frozen=True)
class _Parts:
    """The texts that a post's vector is made of: ``first`` with its share, and the rest of it, if there is one."""

    first: str
    share: float = 1.0
    rest: str = ""
    lead: str = ""


def read_posts(
    posts: Sequence[tuple[str, str]],
    encode: Encode,
    judge: Judge | None,
    refrains: Refrains | None = None,
) -> PostVectors:
    """Return the vectors of ``posts`` (title, body).

    A short post is encoded once. Of a long one a title that tells something weighs as much as the body; without such a
    title the sentences that ask lead, and the whole post gives them their sense. Lines of forms count for nothing where
    something else is said. Without a ``judge`` nothing leads.
    """
    known = refrains or Refrains()
    parts = [_titled(title, body, known) for title, body in posts]
    rest = [row for row, one in enumerate(parts) if one is None]
    found = leads([posts[row] for row in rest], judge, known) if judge else [None] * len(rest)
    for row, lead in zip(rest, found, strict=True):
        whole = words.text_of(*posts[row])
        if lead is None or skeleton(lead.text) == skeleton(whole):
            parts[row] = _Parts(whole)
        else:
            parts[row] = _Parts(lead.text, LEAD_SHARE, whole, lead.text)
    ready = [one for one in parts if one is not None]
    two = [row for row, one in enumerate(ready) if one.rest]
    encoded = encode([*(one.first for one in ready), *(ready[row].rest for row in two)])
    vectors: Floats = np.array(encoded[: len(ready)], dtype=np.float32)
    if two:
        share = np.array([ready[row].share for row in two], dtype=np.float32)[:, None]
        mixed = share * vectors[two] + (1.0 - share) * encoded[len(ready) :]
        vectors[two] = mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9)
    return PostVectors(vectors, [one.lead for one in ready])


def _titled(title: str, body: str, refrains: Refrains) -> _Parts | None:
    """Return the parts of a post whose title says what it is about; None when the title does not."""
    if refrains.is_form(title) or not telling_words(title):
        return None
    said = "\n".join(one for one in sentences(body) if not refrains.is_form(one)) or body
    whole = words.text_of(title, said if refrains.counts else body)
    if len(whole) <= SHORT or whole in (title, body):
        return _Parts(whole, lead=title)
    return _Parts(title, TITLE_SHARE, said, title)

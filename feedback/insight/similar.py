"""What is like these words? By meaning and by word, fast enough to ask while somebody types."""

import logging
import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Max
from numpy.typing import NDArray

from feedback.accounts.models import User
from feedback.forum import queries as forum_queries
from feedback.forum import search
from feedback.forum.models import Post
from feedback.insight.encoder import EncoderDown, client_of, current_model
from feedback.insight.models import Ask, EncoderModel, Membership, Vector
from feedback.kernel import text

logger = logging.getLogger(__name__)

#: Seconds the typing person may wait for the encoder before words alone answer.
PATIENCE = 0.5
#: Cosine of one view below which a post is not "similar", calibrated on unrelated pairs of the sample.
FLOOR = 0.42
#: The view that answers while typing: one model of about a millisecond a text.
QUICK_VIEW = "use"
WORD_SHARE = 0.3
#: So many vectors are read while somebody waits; more are read in the background, and words answer until then.
READ_AT_ONCE = 2_000
CANDIDATES = 40
#: Rows under a title while it is typed: more would push the form off a phone's screen.
SHOWN = 4
#: Share of the words of two titles that both have when they say the same.
REPEATED = 0.75


@dataclass(frozen=True)
class SimilarResult:
    """Asks and posts like a draft, nearest first. ``by_meaning`` is False when only words were compared."""

    asks: list[Ask] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    by_meaning: bool = True


class VectorMatrix:
    """Every vector of one view in memory, brought up to date by what was added since the last look.

    ``hashes`` names the rows; ``rows`` has shape (n, width), float32, unit length. Safe in threads.
    """

    def __init__(self, model: EncoderModel, view: tuple[str, int, int]) -> None:
        self.model_key, self.view = model.model_key, view
        width = view[2] - view[1]
        self._buffer = np.zeros((1024, width), dtype=np.float32)
        self._hashes: list[str] = []
        self._last_id = 0
        self._is_complete = False
        self._lock = threading.Lock()

    def refresh(self) -> bool:
        """Read the vectors written since the last call; return whether `nearest` may be asked now.

        One cheap query when there are none. Many are read by a thread of their own: until it is done the first
        time the answer is no, and later what was known before answers.
        """
        newest = Vector.objects.filter(model_key=self.model_key).aggregate(last=Max("id"))["last"]
        if newest is None or newest <= self._last_id:
            return True
        if not self._lock.acquire(blocking=False):
            return self._is_complete  # another thread reads them
        if newest - self._last_id > READ_AT_ONCE:
            threading.Thread(target=self._read_apart, name="vectors", daemon=True).start()
            return self._is_complete  # the thread gives the lock back
        try:
            self._read()
        finally:
            self._lock.release()
        return True

    def _read_apart(self) -> None:
        try:
            self._read()
        except Exception:
            logger.exception("The vectors could not be read; the next look tries again.")
        finally:
            self._lock.release()
            connection.close()

    def _read(self) -> None:
        added = (
            Vector.objects.filter(model_key=self.model_key, pk__gt=self._last_id)
            .order_by("pk")
            .values_list("pk", "content_hash", "embedding")
        )
        for pk, content_hash, vector in added.iterator(chunk_size=2000):
            self._append(content_hash, vector[self.view[1] : self.view[2]])
            self._last_id = pk
        self._is_complete = True

    def _append(self, content_hash: str, row: NDArray[np.float32]) -> None:
        at = len(self._hashes)
        if at == len(self._buffer):
            bigger = np.zeros((2 * at, self._buffer.shape[1]), dtype=np.float32)
            bigger[:at] = self._buffer
            self._buffer = bigger
        norm = float(np.linalg.norm(row))
        self._buffer[at] = row / norm if norm else row
        self._hashes.append(content_hash)

    def nearest(self, query: NDArray[np.float32], count: int) -> list[tuple[str, float]]:
        """Return up to ``count`` (content hash, cosine) pairs, nearest first."""
        size = len(self._hashes)
        if not size:
            return []
        scores = self._buffer[:size] @ query
        top = np.argpartition(-scores, min(count, size - 1))[:count]
        ranked = sorted(top.tolist(), key=lambda at: (-float(scores[at]), at))
        return [(self._hashes[at], float(scores[at])) for at in ranked]


_matrices: dict[tuple[str, str], VectorMatrix] = {}
_matrices_lock = threading.Lock()


def forget() -> None:
    """Drop the vectors held in memory, as when the database under them is another one."""
    with _matrices_lock:
        _matrices.clear()


def view_of(model: EncoderModel) -> tuple[str, int, int]:
    """Return the (name, start, stop) of the part of a vector that `similar` compares."""
    views = [(str(name), int(start), int(stop)) for name, start, stop in model.views]
    return next((view for view in views if view[0] == QUICK_VIEW), ("", 0, model.dims))


def _matrix(model: EncoderModel, view: tuple[str, int, int]) -> VectorMatrix:
    with _matrices_lock:
        key = (connection.settings_dict["NAME"], model.model_key)
        if key not in _matrices:
            _matrices[key] = VectorMatrix(model, view)
        return _matrices[key]


def _nearest_by_meaning(words: str, count: int) -> dict[str, float] | None:
    """Return cosines by content hash of the nearest texts, or None when meaning cannot be compared now."""
    model = current_model()
    if model is None:
        return None
    view = view_of(model)
    matrix = _matrix(model, view)
    if connection.vendor != "postgresql" and not matrix.refresh():
        return None
    try:
        query = client_of(model).embed([words], view=view[0] or None, timeout=PATIENCE)[0]
    except EncoderDown as reason:
        logger.info("Similar answers by words only: %s", reason)
        return None
    if connection.vendor == "postgresql":
        return _nearest_in_postgres(model, view, query, count)
    return dict(matrix.nearest(query, count))


def _nearest_in_postgres(
    model: EncoderModel, view: tuple[str, int, int], query: NDArray[np.float32], count: int
) -> dict[str, float]:
    """Ask pgvector; `feedback.insight.indexes` makes the HNSW index this expression uses."""
    width = view[2] - view[1]
    expression = f"subvector(embedding, {view[1] + 1}, {width})::halfvec({width})"
    literal = "[" + ",".join(f"{value:.6f}" for value in query) + "]"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT content_hash, 1 - ({expression} <=> %s::halfvec({width})) FROM insight_vector"  # noqa: S608
            f" WHERE model_key = %s ORDER BY {expression} <=> %s::halfvec({width}) LIMIT %s",
            [literal, model.model_key, literal, count],
        )
        return {content_hash: float(cosine) for content_hash, cosine in cursor.fetchall()}


def rank(
    words: str, *, count: int = CANDIDATES, exclude: int | None = None
) -> tuple[list[tuple[int, float]], bool]:
    """Return (post id, score) pairs like ``words``, best first, and whether meaning was compared.

    A post's score is its cosine, plus a share for the words in common; a post found by words alone stands
    behind those that meaning found too.
    """
    by_hash = _nearest_by_meaning(words, count)
    by_word = dict(search.find(words, limit=count, mode="any"))
    best_word = max(by_word.values(), default=0.0) or 1.0
    scores: dict[int, float] = {}
    if by_hash is not None:
        near = {key: cosine for key, cosine in by_hash.items() if cosine >= FLOOR}
        for pk, content_hash in Post.objects.filter(
            content_hash__in=near, state=Post.State.PUBLISHED
        ).values_list("pk", "content_hash"):
            scores[pk] = near[content_hash]
    for pk, score in by_word.items():
        share = WORD_SHARE * score / best_word
        if by_hash is None:
            scores[pk] = share
        elif pk in scores:
            scores[pk] += share
        elif share >= 0.8 * WORD_SHARE:
            scores[pk] = share
    scores.pop(exclude or 0, None)
    return sorted(scores.items(), key=lambda pair: (-pair[1], -pair[0]))[
        :count
    ], by_hash is not None


def similar(
    *, title: str, body: str, person: User | AnonymousUser, limit: int = SHOWN
) -> SimilarResult:
    """Return up to ``limit`` asks and posts like a draft, of those ``person`` may see and did not write.

    Every row is worth reading: a post that is in an ask of the list is left out, and so is one whose title says
    what a row above says already, or whose ask, known to the team alone, is called the same as one of the list.
    Never raises for a missing encoder: it falls back to words. Too little to go on gives nothing.
    """
    words = text.text_of(text.normalise(title), text.normalise(body))[:1000]
    if len(words.replace(" ", "")) < (2 if text.language_of(words) == "zh" else 4):
        return SimilarResult()
    ranked, by_meaning = rank(words)
    visible = {
        post.pk: post
        for post in forum_queries.posts_visible_to(person)
        .filter(pk__in=[pk for pk, _ in ranked])
        .select_related("board", "author")
    }
    ask_of = {
        membership.post_id: membership.ask
        for membership in Membership.objects.filter(post__in=visible).select_related("ask")
    }
    found_asks: list[Ask] = []
    loose: list[Post] = []
    for pk, _ in ranked:
        ask = ask_of.get(pk)
        if ask is not None and ask.state == Ask.State.PUBLIC:
            if ask not in found_asks:
                found_asks.append(ask)
        elif pk in visible and visible[pk].author_id != person.pk:
            loose.append(visible[pk])
    found_asks = found_asks[:limit]
    said = [gist(ask.title) for ask in found_asks]
    found_posts: list[Post] = []
    for post in loose:
        if len(found_asks) + len(found_posts) == limit:
            break
        own = gist(post.title)
        behind = [gist(ask_of[post.pk].title)] if post.pk in ask_of else []
        if not any(is_repeated(words, said) for words in (own, *behind)):
            found_posts.append(post)
            said.append(own)
    _mark_votes(found_asks, found_posts, person)
    return SimilarResult(found_asks, found_posts, by_meaning)


def gist(title: str) -> frozenset[str]:
    """Return the words of ``title`` as a set: what two titles that say the same have in common."""
    return frozenset(text.tokens(title))


def is_repeated(words: frozenset[str], said: Collection[frozenset[str]]) -> bool:
    """Return whether a title of these ``words`` says again what one of ``said`` says; pure."""
    return any(
        words == other or len(words & other) >= REPEATED * len(words | other) > 0 for other in said
    )


def _mark_votes(asks: list[Ask], posts: list[Post], person: Any) -> None:
    """Set ``voted`` on each: whether ``person`` stands behind it already."""
    voted_posts: set[int] = set()
    behind: set[int] = set()
    if isinstance(person, User):
        voted_posts = set(forum_queries.voted_ids(person, posts))
        behind = set(
            Membership.objects.filter(ask__in=asks, post__votes__person=person).values_list(
                "ask", flat=True
            )
        ) | set(
            Membership.objects.filter(ask__in=asks, post__author=person).values_list(
                "ask", flat=True
            )
        )
    for ask in asks:
        ask.voted = ask.pk in behind  # type: ignore[attr-defined]
    for post in posts:
        post.voted = post.pk in voted_posts  # type: ignore[attr-defined]

"""What is like these words? By meaning and by word, fast enough to ask while somebody types."""

import logging
import math
import threading
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from numpy.typing import NDArray

from feedback.accounts.models import User
from feedback.asks.models import Ask, Membership, PlacementAttempt
from feedback.forum import queries as forum_queries
from feedback.forum.models import Board, Post, Product
from feedback.forum.products.queries import within
from feedback.forum.search import index
from feedback.grouping.models import EncoderModel, Vector
from feedback.grouping.similar.matrix import VectorMatrix
from feedback.grouping.vectors.encoders import EncoderDown, client_of, current_model
from feedback.kernel import text
from feedback.kernel.languages import spoken_in

logger = logging.getLogger(__name__)

#: Seconds the typing person may wait for the encoder before words alone answer.
PATIENCE = 0.5
#: Cosine of one view below which a post is not "similar". On seven labelled boards .5 loses one of fifty posts that say the
#: same, and says nothing to a quarter of those that nobody said before; .42 said something to nearly all of them.
FLOOR = 0.5
#: Two languages that say the same lie farther apart.
FLOOR_ACROSS = 0.4
#: The view that answers while typing: one model of about a millisecond a text.
QUICK_VIEW = "use"
#: What the words in common add to a cosine, at most; more when the draft names something: a version, a product.
WORD_SHARE, NAME_SHARE = 0.15, 0.35
#: A post that meaning does not find must have this share of the best word score to be shown.
BY_WORD_FROM = 0.8
#: Characters of a draft whose words are looked for: the title, and how the rest begins.
_WORDS_READ = 400
CANDIDATES = 40
#: Of a product with so few posts every one is compared, whatever else the site holds; of larger ones the nearest of
#: the site, at most so many.
SMALL, MOST = 2_000, 2_000
#: Rows under a title while it is typed: more would push the form off a phone's screen.
SHOWN = 4
#: Share of the words of two titles that both have when they say the same.
REPEATED = 0.75


@dataclass(frozen=True)
class SimilarResult:
    """Asks and posts like a draft, nearest first. ``by_meaning`` is False when only words were compared.

    ``backed`` are the keys of those asks that the person stands behind already, ``wanted`` of the posts they want.
    """

    asks: list[Ask] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    by_meaning: bool = True
    backed: frozenset[int] = frozenset()
    wanted: frozenset[int] = frozenset()


#: Vectors of what was asked for lately, by model key and words: who pages on or looks again does not ask anew.
QUERIES_KEPT = 1_000
_queries: dict[tuple[str, str], NDArray[np.float32]] = {}
_matrices: dict[tuple[str, str], VectorMatrix] = {}
_matrices_lock = threading.Lock()


def forget() -> None:
    """Drop the vectors held in memory, as when the database under them is another one."""
    with _matrices_lock:
        _matrices.clear()
        _queries.clear()


def view_of(model: EncoderModel) -> tuple[str, int, int]:
    """Return the (name, start, stop) of the part of a vector that `similar` compares."""
    views = [(str(name), int(start), int(stop)) for name, start, stop in model.views]
    return next((view for view in views if view[0] == QUICK_VIEW), ("", 0, model.dims))


def matrix_of(model: EncoderModel, view: tuple[str, int, int]) -> VectorMatrix:
    """Return the vectors of ``model`` that are held in memory here; one for a database."""
    with _matrices_lock:
        key = (connection.settings_dict["NAME"], model.model_key)
        if key not in _matrices:
            _matrices[key] = VectorMatrix(model, view)
        return _matrices[key]


@dataclass(frozen=True)
class Meaning:
    """A draft's vector, and what it is compared with."""

    model: EncoderModel
    query: NDArray[np.float32]
    matrix: VectorMatrix

    def nearest(self, count: int, product: Product | None) -> dict[str, float]:
        """Return cosines by content hash of the nearest texts, of those of ``product`` if one is given."""
        if product is not None:
            # Boards count their posts: no post is read to know how many a product has.
            counts: Counter[int] = Counter()
            for about, count in Board.objects.values_list("product", "post_count"):
                counts[about] += count
            here, all_of_them = counts[product.pk], counts.total()
            if here <= SMALL:
                posts = Post.objects.filter(board__product=product, state=Post.State.PUBLISHED)
                return self.cosines(list(posts.values_list("content_hash", flat=True)))
            # The nearest of all products, so many more as the others have.
            count = min(MOST, count * math.ceil(all_of_them / here))
        if connection.vendor == "postgresql":
            return _nearest_in_postgres(self.model, view_of(self.model), self.query, count)
        return dict(self.matrix.nearest(self.query, count))

    def cosines(self, hashes: list[str]) -> dict[str, float]:
        """Return the cosines of these texts."""
        if connection.vendor == "postgresql":
            return _cosines_in_postgres(self.model, view_of(self.model), self.query, hashes)
        return self.matrix.cosines(hashes, self.query)


def meaning_of(words: str, *, patience: float = PATIENCE) -> Meaning | None:
    """Return what ``words`` mean, or None when meaning cannot be compared within ``patience`` seconds."""
    model = current_model()
    if model is None:
        return None
    view = view_of(model)
    matrix = matrix_of(model, view)
    if connection.vendor != "postgresql" and not matrix.refresh():
        return None
    key = (model.model_key, words)
    query = _queries.get(key)
    if query is None:
        try:
            query = client_of(model).embed([words], view=view[0] or None, timeout=patience)[0]
        except EncoderDown as reason:
            logger.info("Words only: %s", reason)
            return None
        if len(_queries) >= QUERIES_KEPT:
            _queries.clear()
        _queries[key] = query
    return Meaning(model, query, matrix)


def _nearest_in_postgres(
    model: EncoderModel, view: tuple[str, int, int], query: NDArray[np.float32], count: int
) -> dict[str, float]:
    """Ask pgvector; `feedback.grouping.vectors.indexes` makes the HNSW index this expression uses."""
    width = view[2] - view[1]
    expression = f"subvector(embedding, {view[1] + 1}, {width})::halfvec({width})"
    literal = "[" + ",".join(f"{value:.6f}" for value in query) + "]"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT content_hash, 1 - ({expression} <=> %s::halfvec({width})) FROM grouping_vector"  # noqa: S608
            f" WHERE model_key = %s ORDER BY {expression} <=> %s::halfvec({width}) LIMIT %s",
            [literal, model.model_key, literal, count],
        )
        return {content_hash: float(cosine) for content_hash, cosine in cursor.fetchall()}


def _cosines_in_postgres(
    model: EncoderModel, view: tuple[str, int, int], query: NDArray[np.float32], hashes: list[str]
) -> dict[str, float]:
    stored = Vector.objects.filter(model_key=model.model_key, content_hash__in=hashes)
    found = {}
    for content_hash, vector in stored.values_list("content_hash", "embedding"):
        part = vector[view[1] : view[2]]
        found[content_hash] = float(part @ query) / max(float(np.linalg.norm(part)), 1e-9)
    return found


def rank(
    words: str,
    *,
    count: int = CANDIDATES,
    exclude: int | None = None,
    product: Product | None = None,
) -> tuple[list[tuple[int, float]], bool]:
    """Return (post id, score) pairs like ``words``, best first, and whether meaning was compared.

    Of all products, or of ``product`` alone.

    A post's score is its cosine, plus a share for the words in common: a small one, as a few words in common say
    little of short sentences, a large one when a name or a version is among them, which vectors blur.
    """
    meaning = meaning_of(words)
    by_hash = {} if meaning is None else meaning.nearest(count, product)
    by_word = dict(index.find(words[:_WORDS_READ], limit=count, mode="any", product=product))
    best_word = max(by_word.values(), default=0.0) or 1.0
    spoken = spoken_in(words)
    near = {key: cosine for key, cosine in by_hash.items() if cosine >= FLOOR_ACROSS}
    # Two queries, and the state compared here: otherwise SQLite, which does not know that nearly all are published,
    # reads the whole table.
    found: dict[int, tuple[str, float]] = {}
    for posts in (
        Post.objects.filter(within(product, "board__product"), content_hash__in=near),
        Post.objects.filter(pk__in=by_word),
    ):
        found |= {
            pk: (content_hash, FLOOR if language == spoken else FLOOR_ACROSS)
            for pk, content_hash, language, state in posts.values_list(
                "pk", "content_hash", "language", "state"
            )
            if state == Post.State.PUBLISHED
        }
    if meaning is not None:
        unknown = sorted({key for key, _ in found.values() if key not in by_hash})
        by_hash |= meaning.cosines(unknown)
    share = NAME_SHARE if text.names_something(words[:_WORDS_READ]) else WORD_SHARE
    scores: dict[int, float] = {}
    for pk, (content_hash, floor) in found.items():
        in_words = by_word.get(pk, 0.0) / best_word
        if near.get(content_hash, 0.0) >= floor or in_words >= (
            BY_WORD_FROM if meaning is not None else 0.0
        ):
            scores[pk] = max(by_hash.get(content_hash, 0.0), 0.0) + share * in_words
    # What only says that it is good or bad is like everything, and helps nobody who writes.
    for pk in PlacementAttempt.objects.filter(post__in=scores, boilerplate__gt="").values_list(
        "post", flat=True
    ):
        scores.pop(pk, None)
    scores.pop(exclude or 0, None)
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], -pair[0]))
    return ranked[:count], meaning is not None


def similar(
    *,
    title: str,
    body: str,
    person: User | AnonymousUser,
    product: Product | None = None,
    limit: int = SHOWN,
) -> SimilarResult:
    """Return up to ``limit`` asks and posts like a draft, of those ``person`` may see and did not write.

    Only of ``product``, the one that the draft's board is about; None where the site has one alone.

    Every row is worth reading: a post that is in an ask of the list is left out, and so is one whose title says
    what a row above says already, or whose ask, known to the team alone, is called the same as one of the list.
    Never raises for a missing encoder: it falls back to words. Too little to go on gives nothing.
    """
    words = text.text_of(text.normalise(title), text.normalise(body))[:1000]
    if len(words.replace(" ", "")) < (2 if text.language_of(words) == "zh" else 4):
        return SimilarResult()
    ranked, by_meaning = rank(words, product=product)
    pks = [pk for pk, _ in ranked]
    # What is chosen by is read of all, what is shown of the few that are.
    # `rank` names published posts alone, which are everybody's to see.
    visible = {
        pk: (title, author)
        for pk, title, author in Post.objects.filter(pk__in=pks).values_list(
            "pk", "title", "author"
        )
    }
    ask_of = {
        post: (ask, title, state)
        for post, ask, title, state in Membership.objects.filter(
            post__in=list(visible)
        ).values_list("post", "ask", "ask__title", "ask__state")
    }
    public = {
        ask: gist(title) for ask, title, state in ask_of.values() if state == Ask.State.PUBLIC
    }
    ask_ids: dict[int, frozenset[str]] = {}
    post_ids: dict[int, frozenset[str]] = {}
    for pk in pks:
        if len(ask_ids) + len(post_ids) == limit:
            break
        ask, title, _ = ask_of.get(pk, (0, "", ""))
        if ask in public:
            ask_ids[ask] = public[ask]
            again = [one for one, own in post_ids.items() if is_repeated(own, [public[ask]])]
            for one in again:
                del post_ids[one]
        elif pk in visible and visible[pk][1] != person.pk:
            own = gist(visible[pk][0])
            behind = [gist(title)] if ask else []
            said = [*ask_ids.values(), *post_ids.values()]
            if not any(is_repeated(words, said) for words in (own, *behind)):
                post_ids[pk] = own
    shown_asks = Ask.objects.in_bulk(ask_ids)
    shown_posts = (
        Post.objects.select_related("board", "author").defer("body", "fields").in_bulk(post_ids)
    )
    found_asks = [shown_asks[pk] for pk in ask_ids if pk in shown_asks]
    found_posts = [shown_posts[pk] for pk in post_ids if pk in shown_posts]
    return SimilarResult(
        found_asks,
        found_posts,
        by_meaning,
        backed=_backed_by(person, found_asks),
        wanted=frozenset(forum_queries.voted_ids(person, found_posts)),
    )


def gist(title: str) -> frozenset[str]:
    """Return the words of ``title`` as a set: what two titles that say the same have in common."""
    return frozenset(text.tokens(title))


def is_repeated(words: frozenset[str], said: Collection[frozenset[str]]) -> bool:
    """Return whether a title of these ``words`` says again what one of ``said`` says; pure."""
    return any(
        words == other or len(words & other) >= REPEATED * len(words | other) > 0 for other in said
    )


def _backed_by(person: User | AnonymousUser, asks: list[Ask]) -> frozenset[int]:
    """Return the keys of those of ``asks`` that ``person`` stands behind, by a post or a vote."""
    if not isinstance(person, User):
        return frozenset()
    held = Membership.objects.filter(ask__in=asks)
    return frozenset(held.filter(post__votes__person=person).values_list("ask", flat=True)) | (
        frozenset(held.filter(post__author=person).values_list("ask", flat=True))
    )

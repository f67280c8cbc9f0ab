"""One ranked list of what a search finds: words first, then what is near in meaning; asks, items and releases too.

The steps, each taken when those before it found little:

1. every word as it was typed, in another form or another spelling;
2. longer words that begin so, looser ways to write it;
3. what was perhaps meant: slips, Chinese that sounds the same;
4. the same by another name, in either language;
5. near in meaning, from the room that has the vectors;
6. where nothing has all of the words: some of them, ranked with what is near in meaning.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from feedback.forum.models import Post, Product
from feedback.forum.products.queries import within
from feedback.forum.search import index, table
from feedback.forum.search.filters import Narrowed
from feedback.forum.search.language import slips
from feedback.forum.search.language.concepts import by_other_names, meant_name
from feedback.forum.search.language.marking import Marker
from feedback.forum.search.language.words import Term
from feedback.forum.search.query import Query
from feedback.kernel import slots

#: Hits that can be leafed through; whoever has not found it among so many asks in other words.
MOST = 200
#: Fewer than this are few: the next step is taken too.
_FEW, _VERY_FEW, _NAMED = 25, 5, 100
#: Hits near in meaning, at most, and so many of asks, items and releases.
NEAR, OTHERS = 25, 5
#: What having all the words there are adds to a cosine.
_WORD_SHARE = 0.3
#: What the votes of a post add to its score.
_VOTES = 0.1
#: Posts without any word that are looked at when only filters or a minus are given.
_BROWSED = 1_000


class Why(IntEnum):
    """Why a hit is there; the better reason stands first."""

    WORDS = 1
    BEGINS = 2
    SLIP = 3
    NAME = 4
    MEANING = 5
    SOME = 6
    NEWEST = 7


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that was found."""

    pk: int
    why: Why
    score: float


@dataclass(frozen=True, slots=True)
class Other:
    """An ask, an item or a release that was found: its row as HTML, beside the same reasons and scores."""

    why: Why
    score: float
    html: str


@dataclass(frozen=True)
class Search:
    """What is looked for: ``query`` among what is about ``product`` and passes ``narrowed``.

    ``pk`` names it in slots. ``is_patient``: whether the reader waits for the encoder. ``hits`` are the posts found so
    far, for the rooms that group them.
    """

    query: Query
    product: Product | None = None
    narrowed: Narrowed = field(default_factory=lambda: Narrowed(Q()))
    is_patient: bool = False
    hits: Sequence[Hit] = ()
    meant: Sequence[Term] = ()
    pk: int = 0

    @cached_property
    def ways(self) -> index.Ways:
        """The ways to ask for its words."""
        return index.ways_of(self.query.words, self.query.terms)

    @cached_property
    def named(self) -> list[Term]:
        """Its terms with all names of what they are names of; [] where they are none."""
        return by_other_names(self.query.words)

    @property
    def steps(self) -> list[tuple[Why, index.Ways]]:
        """The ways in which titles held in memory are looked through, the better reason first."""
        steps = [(Why.WORDS, self.ways), (Why.BEGINS, self.ways)]
        return [*steps, (Why.NAME, [self.named])] if self.named and self.query.is_plain else steps

    @cached_property
    def marker(self) -> Marker:
        """What marks its words, and those that were taken for them."""
        return Marker([*(term for way in self.ways for term in way), *self.meant, *self.named])

    def of_posts(self) -> QuerySet[Post] | None:
        """Return the posts to look among, None for all."""
        if self.product is None and not self.narrowed.chosen:
            return None
        posts = Post.objects.filter(within(self.product, "board__product"))
        return posts.filter(self.narrowed.condition)


@dataclass(frozen=True)
class Near:
    """What a room that knows meaning answers: posts with their cosine, nearest first; ``is_late`` when it cannot yet.

    ``cosines`` are those of the search's ``hits``, however far they are.
    """

    posts: Sequence[tuple[int, float]] = ()
    cosines: Mapping[int, float] = field(default_factory=dict)
    is_late: bool = False


@dataclass(frozen=True)
class Results:
    """The list: posts and others, best first.

    ``meant`` are words that were taken for those typed. ``is_late``: meaning was not compared yet.
    """

    entries: Sequence[Hit | Other]
    meant: Sequence[Term] = ()
    is_late: bool = False

    @property
    def has_words(self) -> bool:
        """Whether anything has all of the words, or another name for them."""
        return any(one.why <= Why.NAME for one in self.entries)


def find(request: HttpRequest, search: Search) -> Results:
    """Return what ``search`` finds of what the reader of ``request`` may see."""
    if not search.query.terms:
        return Results(_newest(request, search))
    hits, meant = by_words(search)
    some = _some(search) if search.query.is_plain and not hits else []
    # After so many with all of the words nothing that is only near would be shown.
    near = _near(request, replace(search, hits=some)) if len(hits) < MOST else Near()
    hits = _added(hits, _together(near, some))
    hits = _seen(hits)
    others: list[Other] = []
    if not search.narrowed.of_posts_alone:
        asked = replace(search, hits=hits, meant=meant)
        for slot in ("search-asks", "search-roadmap"):
            others += slots.gather(slot, request, [asked]).get(asked.pk, ())
    entries: list[Hit | Other] = sorted([*others, *hits], key=lambda one: (_tier(one), -one.score))
    return Results(entries[:MOST], meant, near.is_late)


def _tier(entry: Hit | Other) -> int:
    """Return where ``entry`` stands before its score is looked at: meaning and some of the words are one list."""
    return min(entry.why, Why.MEANING) if entry.why <= Why.SOME else entry.why


def by_words(search: Search) -> tuple[list[Hit], list[Term]]:
    """Return the posts with all of the words, best first, and the words that were taken for some of them."""
    query, ways, among = search.query, search.ways, search.of_posts()
    hits = _all(ways, Why.WORDS, search, among)
    if len(hits) < _FEW:
        hits = _added(hits, _all(ways, Why.BEGINS, search, among))
    meant: list[Term] = []
    if len(hits) < _VERY_FEW and query.is_plain:
        terms, meant = _as_meant(query.terms)
        if meant:
            hits = _added(hits, _all([terms], Why.SLIP, search, among))
            if all(hit.why != Why.SLIP for hit in hits):
                meant = []
    if len(hits) < _NAMED and query.is_plain and (named := search.named or _named_as_meant(search)):
        hits = _added(hits, _all([named], Why.NAME, search, among))
        if not search.named:
            meant += named
    return hits, meant


def _named_as_meant(search: Search) -> list[Term]:
    """Return the terms with all names of what a slip was meant to be a name of; [] if no slip is seen."""
    words = search.query.words
    for term in search.query.terms:
        if term.is_word and index.frequency_of(term) <= slips.RARE:
            name = meant_name(term.word)
            words = re.sub(rf"\b{re.escape(term.word)}\b", name or term.word, words, flags=re.I)
    return by_other_names(words) if words != search.query.words else []


def _all(ways: index.Ways, why: Why, search: Search, among: QuerySet[Post] | None) -> list[Hit]:
    query = search.query
    is_to_the_letter = bool(query.phrases or query.not_phrases)
    found = index.find_all(
        ways,
        limit=MOST,
        among=among,
        accepts=query.accepts if is_to_the_letter else None,
        is_loose=why == Why.BEGINS,
        without=query.without,
        typed=index.stream_of(query.words),
    )
    return [Hit(pk, why, score) for pk, score in found]


def _added(hits: list[Hit], more: list[Hit]) -> list[Hit]:
    known = {hit.pk for hit in hits}
    return hits + [hit for hit in more if hit.pk not in known]


def _as_meant(terms: Sequence[Term]) -> tuple[list[Term], list[Term]]:
    """Return ``terms`` with those that hardly anybody has written replaced by what was perhaps meant, and these."""
    taken: list[Term] = []
    meant: list[Term] = []
    for term in terms:
        rare = index.frequency_of(term) <= slips.RARE
        near = slips.meant(term, count=index.frequency) if rare else []
        if near:
            strict = tuple(one for other in near for one in other.strict)
            names = tuple(one for other in near for one in other.names)
            taken.append(Term(term.word, near[0].exact, (*term.strict, *strict), names=names))
            meant += near
        else:
            taken.append(term)
    return taken, meant


def _near(request: HttpRequest, search: Search) -> Near:
    """Return what is near in meaning, of the posts that ``search`` looks among."""
    if not search.query.is_plain:
        return Near()  # what has quotes or a minus is meant to the letter
    answers: Mapping[int, Any] = slots.gather("search-meaning", request, [search])
    near: Near = answers.get(search.pk, Near())
    among = search.of_posts()
    if among is None or not near.posts:
        return near
    there = set(among.filter(pk__in=[pk for pk, _ in near.posts]).values_list("pk", flat=True))
    return replace(near, posts=[pair for pair in near.posts if pair[0] in there])


def _some(search: Search) -> list[Hit]:
    """Return the posts with some of the words, the rarest of them."""
    if len(search.query.terms) < 2:
        return []
    found = index.find_some(
        search.query.terms, limit=NEAR, among=search.of_posts(), with_slips=False
    )
    return [Hit(pk, Why.SOME, score) for pk, score in found]


def _together(near: Near, some: list[Hit]) -> list[Hit]:
    """Return what is near in meaning and what has some of the words as one list: a cosine, and a share for words."""
    best = max((hit.score for hit in some), default=1.0) or 1.0
    in_words = {hit.pk: _WORD_SHARE * hit.score / best for hit in some}
    hits = [Hit(pk, Why.MEANING, cosine + in_words.get(pk, 0.0)) for pk, cosine in near.posts]
    known = {hit.pk for hit in hits}
    hits += [
        Hit(pk, Why.SOME, max(near.cosines.get(pk, 0.0), 0.0) + share)
        for pk, share in in_words.items()
        if pk not in known
    ]
    return sorted(hits, key=lambda hit: (-hit.score, -hit.pk))[:NEAR]


def _newest(request: HttpRequest, search: Search) -> list[Hit]:
    """Return the newest posts that pass the filters, where those are all there is."""
    among = search.of_posts()
    if among is None and search.query.is_plain:
        return []
    posts = Post.objects.all() if among is None else among
    posts = posts.filter(state=Post.State.PUBLISHED).order_by("-posted_at", "-pk")
    pks = list(posts.values_list("pk", flat=True)[:_BROWSED])
    if not search.query.is_plain:
        rows = table.rows_of(pks)
        pks = [pk for pk in pks if pk in rows and search.query.accepts(rows[pk])]
    return [Hit(pk, Why.NEWEST, -float(at)) for at, pk in enumerate(pks[:MOST])]


def _seen(hits: Sequence[Hit]) -> list[Hit]:
    """Return ``hits`` as far as they are published, which is everybody's to see; what many want stands higher.

    The state is compared here: SQLite, which does not know that nearly all are published, would read them all.
    """
    posts = Post.objects.filter(pk__in=[hit.pk for hit in hits])
    votes = {
        pk: count
        for pk, count, state in posts.values_list("pk", "vote_count", "state")
        if state == Post.State.PUBLISHED
    }
    return [
        hit
        if hit.why in (Why.MEANING, Why.SOME)
        else Hit(hit.pk, hit.why, hit.score + _VOTES * math.log1p(votes[hit.pk]))
        for hit in hits
        if hit.pk in votes
    ]

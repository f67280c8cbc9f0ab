"""Keeping the search index true, and finding posts by words.

What stands in the index is cut by `words`, kept by `table`, ranked by `rank`. The search page looks further
(`finding`): by slips, by meaning, for asks.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Literal

from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from feedback.forum.models import Board, Post, Product
from feedback.forum.products.queries import within
from feedback.forum.search import table
from feedback.forum.search.language import slips, words
from feedback.forum.search.language.words import Term, asked, index_tokens, terms_of
from feedback.forum.search.rank import Sought, score
from feedback.forum.search.table import MORE, Expression
from feedback.kernel import text

Mode = Literal["all", "any"]

#: More words than this in one query help nobody and cost time: the rarest would decide anyway.
QUERY_TERMS = 40
#: Posts whose words are compared: so many with the words in their titles, and so many with them anywhere.
TITLES_COMPARED, COMPARED = 150, 250
#: So many where what is quoted must stand in them as it is.
COMPARED_TO_THE_LETTER = 2_000
#: Posts that "any" may look at, by the rarest words of the query; of commoner ones the newest posts.
_LOOKED_AT = 1_500
#: Words it goes by, at most.
_TELLING = 8
#: A word in so many posts or more is common, and stays so for a while (seconds); so many are counted at most.
_COMMON, _STAYS, _COUNTED = 50, 600.0, 10_000

#: What `indexed_as` says of a hidden or withdrawn post: it has no row, and is not waiting for one.
NOT_SEARCHABLE = "-"


# --- The index ---------------------------------------------------------------------------------------------
def _key_of(post: Post) -> str:
    return f"{post.content_hash}:{words.CUT_VERSION}"


def _column(text: str, version: str = "") -> str:
    stream, more = index_tokens(text)
    if version:
        of_version = index_tokens(version)
        more += [*of_version[0], *of_version[1]]
    return " ".join(stream) + MORE + " ".join(more)


#: What a post is found by: the tokens of its title, and of the rest.
Columns = tuple[str, str]


def columns_of(post: Post) -> Columns:
    """Return what ``post`` is found by. Cutting it takes longer than writing it, and may be done before."""
    return _column(post.title), _column(text.said_in(post.body), post.product_version)


def write_rows(posts: Iterable[tuple[Post, Columns]]) -> None:
    """Write the index rows of published posts that have none yet; `mark_indexed` says so on the posts.

    Belongs inside the transaction that saves them.
    """
    table.insert((post.pk, *columns) for post, columns in posts)


def mark_indexed(post: Post) -> None:
    """Set ``post.indexed_as`` to what `write_rows` makes of its present words, without saving it."""
    post.indexed_as = _key_of(post)


def index_post(post: Post) -> None:
    """Make the index say what ``post`` says now; a post that is not published leaves the index.

    Belongs inside the transaction that changes the post.
    """
    table.delete([post.pk])
    post.indexed_as = NOT_SEARCHABLE
    if post.state == Post.State.PUBLISHED:
        write_rows([(post, columns_of(post))])
        mark_indexed(post)
    Post.objects.filter(pk=post.pk).update(indexed_as=post.indexed_as)


_audited_for = ""


def index_pending(limit: int) -> int:
    """Index up to ``limit`` posts whose row is missing or was cut in another way.

    Returns how many. The first call of a process looks whether texts are cut otherwise since the rows were
    written; later calls read only an index of the posts that wait.
    """
    global _audited_for
    if _audited_for != words.CUT_VERSION:
        Post.objects.exclude(indexed_as__in=["", NOT_SEARCHABLE]).exclude(
            indexed_as__endswith=f":{words.CUT_VERSION}"
        ).update(indexed_as="")
        _audited_for = words.CUT_VERSION
    with transaction.atomic():
        waiting = (
            Post.objects.select_for_update(no_key=True, skip_locked=True)
            if table.is_postgres()
            else Post.objects.all()
        )
        posts = list(waiting.filter(indexed_as="").order_by("pk")[:limit])
        for post in posts:
            index_post(post)
    return len(posts)


# --- Finding ------------------------------------------------------------------------------------------------
def find(
    query: str, *, limit: int, mode: Mode = "all", product: Product | None = None
) -> list[tuple[int, float]]:
    """Return ``[(post id, score)]`` of published posts, of ``product`` or of all, best first, at most ``limit``.

    ``mode`` "all" wants every word of ``query`` in a post, or a longer one that begins so; "any" at least one of the
    rarer ones. Scores compare only within one answer.
    """
    terms = asked(terms_of(query))[:QUERY_TERMS]
    if not terms or limit < 1:
        return []
    among = None if product is None else Post.objects.filter(within(product, "board__product"))
    if mode == "any":
        return find_some(terms, limit=limit, among=among)
    ways = ways_of(query, terms)
    typed = stream_of(query)
    found = find_all(ways, limit=limit, among=among, typed=typed)
    if len(found) < limit:
        known = {pk for pk, _ in found}
        wider = find_all(ways, limit=limit, among=among, is_loose=True, typed=typed)
        found += [pair for pair in wider if pair[0] not in known]
    return found[:limit]


#: Ways to ask for the same: all terms, or two neighbours of them as one word.
Ways = list[list[Term]]


def ways_of(query: str, terms: Sequence[Term]) -> Ways:
    """Return ``terms``, and beside them the ways to write two neighbours as one word: "log in" is "login" too."""
    ways = [list(terms)]
    every = [term for term in terms_of(query) if term.is_word]
    for one, other in pairwise(every):
        if one.exact[0].isalnum() and other.exact[0].isalnum() and len(every) <= words.JOINED_UP_TO:
            joined = terms_of(one.exact[0] + other.exact[0])
            ways.append([term for term in terms if term not in (one, other)] + joined)
    return ways


def expression_of(
    ways: Ways, *, is_loose: bool = False, without: Sequence[Term] = ()
) -> Expression:
    """Return what a post must hold to have all of one of ``ways``."""
    return Expression(
        tuple(
            tuple((*term.sought, *term.loose) if is_loose else term.sought for term in way)
            for way in ways
        ),
        tuple(tokens for term in without for tokens in term.strict),
    )


def find_all(
    ways: Ways,
    *,
    limit: int,
    among: QuerySet[Post] | None = None,
    is_loose: bool = False,
    without: Sequence[Term] = (),
    typed: str = "",
    accepts: Callable[[table.Row], bool] | None = None,
) -> list[tuple[int, float]]:
    """Return ``[(post id, score)]`` of posts with all terms of one of ``ways``, best first.

    Where more have them, those with the words in the title and the newest are compared; more of them where only some are
    accepted. ``typed`` is the `stream_of` all that was typed.
    """
    expression = expression_of(ways, is_loose=is_loose, without=without)
    compared = COMPARED if accepts is None else COMPARED_TO_THE_LETTER
    ids = dict.fromkeys(table.matching(expression, limit=max(limit, compared), among=among), None)
    if len(ids) >= compared:
        in_title = table.matching(expression, limit=TITLES_COMPARED, among=among, in_title=True)
        ids.update(dict.fromkeys(in_title))
    sought = [[Sought.of(term) for term in way] for way in ways]
    rows = table.rows_of(list(ids))
    scored = [
        (pk, max(score(row, way, typed=typed, wants_all=True) for way in sought))
        for pk, row in rows.items()
        if accepts is None or accepts(row)
    ]
    return _best([pair for pair in scored if pair[1]])[:limit]


def _best(scored: Iterable[tuple[int, float]]) -> list[tuple[int, float]]:
    return sorted(scored, key=lambda pair: (-pair[1], -pair[0]))


def stream_of(words: str) -> str:
    """Return all that was typed as a part of a stream."""
    return f" {' '.join(index_tokens(words)[0])} "


def find_some(
    terms: Sequence[Term],
    *,
    limit: int,
    among: QuerySet[Post] | None = None,
    with_slips: bool = True,
) -> list[tuple[int, float]]:
    """Return ``[(post id, score)]`` of posts with some of ``terms``, the rarest of them, best first.

    With ``with_slips`` words that hardly anybody has written bring along those that were perhaps meant.
    """
    found = [(frequency_of(term), term) for term in terms]
    for count, term in list(found):
        if with_slips and count <= slips.RARE:
            found += [(frequency_of(one), one) for one in slips.meant(term, count=frequency)]
    telling: list[tuple[int, Term]] = []
    together = 0
    for count, term in sorted(found, key=lambda pair: pair[0]):
        if count:
            if telling and (together + count > _LOOKED_AT or len(telling) == _TELLING):
                break
            telling.append((count, term))
            together += count
    if not telling:
        return []
    total = 0  # of one word alone its rarity says nothing
    if len(telling) > 1:
        total = Board.objects.aggregate(posts=Sum("post_count"))["posts"] or 0
    weights: Counter[int] = Counter()
    sought = []
    for count, term in telling:
        rarity = rarity_of(count, total=total)
        sought.append(Sought.of(term, rarity))
        expression = Expression(((term.sought,),))
        weights.update(
            dict.fromkeys(table.matching(expression, limit=_LOOKED_AT, among=among), rarity)
        )  # type: ignore[arg-type]
    best = sorted(weights, key=lambda pk: (-weights[pk], -pk))
    if len(best) > (most := max(limit, TITLES_COMPARED)):
        any_of = Expression(tuple((term.sought,) for _, term in telling))
        titled = table.matching(
            any_of, limit=min(TITLES_COMPARED, _LOOKED_AT), among=among, in_title=True
        )
        best = list(dict.fromkeys([*best[:most], *titled]))
    rows = table.rows_of(best)
    return _best((pk, score(row, sought)) for pk, row in rows.items())[:limit]


def frequency_of(term: Term) -> int:
    """Return in how many posts ``term`` stands, by its rarest token."""
    return max(min(map(frequency, tokens)) for tokens in term.sought)


def rarity_of(count: int, *, total: int) -> float:
    """Return what a word in ``count`` of so many posts tells, as BM25 has it."""
    return math.log(1 + (max(total, count) - count + 0.5) / (count + 0.5))


_kept: dict[tuple[str, str], tuple[int, float]] = {}


def frequency(token: str) -> int:
    """Return in how many posts ``token`` stands, at most `_COUNTED`; of common ones as it was a while ago."""
    key = (str(connection.settings_dict["NAME"]), token)
    known = _kept.get(key)
    if known is not None and time.monotonic() < known[1]:
        return known[0]
    count = table.count(token, at_most=_COUNTED)
    if count >= _COMMON:  # a rare word may be written at any moment, and is counted quickly
        _keep(key, count)
    return count


def _keep(key: tuple[str, str], count: int) -> None:
    if len(_kept) > 20_000:
        _kept.clear()
    _kept[key] = (count, time.monotonic() + _STAYS)


def forget() -> None:
    """Count every word anew, as when the database under them is another one."""
    _kept.clear()

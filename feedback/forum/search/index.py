"""Finding posts by their words, in Chinese and English, alike on SQLite (FTS5) and PostgreSQL (tsvector).

Neither database's own tokeniser is used: it would take a Chinese clause for one word. Posts and queries are
cut alike (`words`).

Who asks for any of some words, as the form for a new post does at every pause in typing, is answered by the rarest of
them alone: common words decide nothing and stand in thousands of posts. A word that hardly anybody has written may be
a slip, and finds the common words one letter away too.
"""

import math
import time
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models import Max, Min

from feedback.forum.models import Post, Product
from feedback.forum.search.words import Term, clean, index_tokens, query_terms, stem
from feedback.kernel import text
from feedback.kernel.spelling import one_letter_away

Mode = Literal["all", "any"]

TITLE_WEIGHT = 4.0
#: Posts that "any" may look at, by the rarest words of the query; of commoner ones the newest posts.
_LOOKED_AT = 1_500
#: Posts it may look at for the sake of a word that was perhaps meant.
_MOST = 6_000
#: Words it goes by, at most.
_TELLING = 8
#: Longer words with a beginning that are counted; more are simply many.
_BEGINNINGS = 300
#: A word in so many posts or more is common, and stays so for a while (seconds).
_COMMON, _STAYS = 50, 600.0
#: A word of so many letters that stands in so few posts may be a slip, of one that stands in so many times more.
_SLIP_FROM, _SLIP_UP_TO, _SLIP_TIMES = 5, 2, 10
#: So many words of a query are looked at for that, and so many words near each are taken.
_SLIPS, _SLIP_WORDS = 2, 3
#: Positions in a tsvector end here; later words are found all the same.
_LAST_POSITION = 16_383

#: What `indexed_as` says of a hidden or withdrawn post: it has no row, and is not waiting for one.
NOT_SEARCHABLE = "-"


# --- The index ---------------------------------------------------------------------------------------------
def _key_of(post: Post) -> str:
    return f"{post.content_hash}:{text.TOKENISER_VERSION}"


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"


def _vector(title: Sequence[str], body: Sequence[str]) -> str:
    """Return the tokens as the text of a tsvector; the title's have weight A."""
    lexemes = [
        f"'{_escaped(token)}':{min(at, _LAST_POSITION)}A" for at, token in enumerate(title, start=1)
    ]
    lexemes += [
        f"'{_escaped(token)}':{min(at, _LAST_POSITION)}"
        for at, token in enumerate(body, start=len(title) + 1)
    ]
    return " ".join(lexemes)


def _escaped(token: str) -> str:
    return token.replace("\\", "\\\\").replace("'", "''")


def write_rows(posts: Iterable[Post]) -> None:
    """Write the index rows of published ``posts`` that have none yet; `mark_indexed` says so on the posts.

    Belongs inside the transaction that saves them.
    """
    rows: list[tuple[Any, ...]] = []
    for post in posts:
        title, body = index_tokens(post.title), index_tokens(post.body)
        if _is_postgres():
            rows.append((post.pk, _vector(title, body)))
        else:
            rows.append((post.pk, " ".join(title), " ".join(body)))
    statement = (
        "INSERT INTO forum_post_search (post_id, words) VALUES (%s, %s::tsvector)"
        if _is_postgres()
        else "INSERT INTO forum_post_search (rowid, title, body) VALUES (%s, %s, %s)"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def mark_indexed(post: Post) -> None:
    """Set ``post.indexed_as`` to what `write_rows` makes of its present words, without saving it."""
    post.indexed_as = _key_of(post)


def index_post(post: Post) -> None:
    """Make the index say what ``post`` says now; a post that is not published leaves the index.

    Belongs inside the transaction that changes the post.
    """
    key = "post_id" if _is_postgres() else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM forum_post_search WHERE {key} = %s", [post.pk])  # noqa: S608
    post.indexed_as = NOT_SEARCHABLE
    if post.state == Post.State.PUBLISHED:
        write_rows([post])
        mark_indexed(post)
    Post.objects.filter(pk=post.pk).update(indexed_as=post.indexed_as)


_audited_for = ""


def index_pending(limit: int) -> int:
    """Index up to ``limit`` posts whose row is missing or was cut by another tokeniser.

    Returns how many. The first call of a process looks whether the tokeniser changed since the rows were
    written; later calls read only an index of the posts that wait.
    """
    global _audited_for
    if _audited_for != text.TOKENISER_VERSION:
        Post.objects.exclude(indexed_as__in=["", NOT_SEARCHABLE]).exclude(
            indexed_as__endswith=f":{text.TOKENISER_VERSION}"
        ).update(indexed_as="")
        _audited_for = text.TOKENISER_VERSION
    with transaction.atomic():
        waiting = (
            Post.objects.select_for_update(no_key=True, skip_locked=True)
            if _is_postgres()
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

    ``mode`` "all" wants every word of ``query`` in a post, "any" at least one of the rarer ones. A word in the title weighs four
    times one in the body. Scores compare only within one answer: bm25 on SQLite, ts_rank on PostgreSQL.
    """
    terms = query_terms(query)
    if not terms or limit < 1:
        return []
    share = 1.0
    if mode == "any":
        terms, share = _telling(terms, query)
        if not terms:
            return []
    after = _newest_share(share) if share < 1.0 else 0
    search = _find_postgres if _is_postgres() else _find_sqlite
    return search(terms, limit, mode, after, product)


def _telling(terms: list[Term], query: str) -> tuple[list[Term], float]:
    """Return the rarest of ``terms`` that stand in about `_LOOKED_AT` posts together.

    When even the rarest stands in more, it alone, and the share of the newest posts to look through. Words
    that hardly anybody has written bring those one letter away along.
    """
    counted: list[tuple[int, Term]] = [
        (min(_frequency(token, begins) for token, begins in term), term) for term in terms
    ]
    found = [(count, term) for count, term in counted if count]
    meant: list[Term] = []
    rare: list[tuple[int, Term]] = [
        (count, term) for count, term in counted if count <= _SLIP_UP_TO and len(term) == 1
    ]
    written = {stem(word): word for word in map(clean, text.tokens(query))} if rare else {}
    for count, term in rare[:_SLIPS]:
        word = written.get(term[0][0], "")
        found += (near := _near_misses(word, more_than=_SLIP_TIMES * count))
        meant += [term for _, term in near]
    found.sort(key=lambda pair: pair[0])
    kept: list[Term] = []
    together = 0
    for count, term in found[:_TELLING]:
        if kept and together + count > (_MOST if term in meant else _LOOKED_AT):
            break
        kept.append(term)
        together += count
    return kept, min(1.0, (_MOST if meant else _LOOKED_AT) / max(together, 1))


def _newest_share(share: float) -> int:
    """Return the id above which about ``share`` of the posts lie."""
    ids = Post.objects.values_list("pk", flat=True)
    oldest, newest = ids.order_by("pk").first() or 0, ids.order_by("-pk").first() or 0
    return int(newest - share * (newest - oldest + 1))


_common: dict[tuple[str, str, bool], tuple[int, float]] = {}


def _frequency(token: str, begins: bool) -> int:
    """Return in about how many posts ``token`` stands, exactly when they are few."""
    key = (str(connection.settings_dict["NAME"]), token, begins)
    known = _common.get(key)
    if known is not None and time.monotonic() < known[1]:
        return known[0]
    count = _count_postgres(token, begins) if _is_postgres() else _count_sqlite(token, begins)
    if count >= _COMMON:  # a rare word may be written at any moment, and is counted quickly
        if len(_common) > 20_000:
            _common.clear()
        _common[key] = (count, time.monotonic() + _STAYS)
    return count


def _words_of_the_index(cursor: Any) -> str:
    """Return the name of a table of every word in SQLite's index and its number of posts."""
    cursor.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.forum_words"
        " USING fts5vocab('main', 'forum_post_search', 'row')"
    )
    return "temp.forum_words"


def _count_sqlite(token: str, begins: bool) -> int:
    with connection.cursor() as cursor:
        table = _words_of_the_index(cursor)
        if begins:
            cursor.execute(
                f"SELECT SUM(doc) FROM (SELECT doc FROM {table}"  # noqa: S608
                " WHERE term >= %s AND term < %s LIMIT %s)",
                [token, token[:-1] + chr(ord(token[-1]) + 1), _BEGINNINGS],
            )
        else:
            cursor.execute(f"SELECT doc FROM {table} WHERE term = %s", [token])  # noqa: S608
        row = cursor.fetchone()
        return int(row[0] or 0) if row else 0


def _count_postgres(token: str, begins: bool) -> int:
    """Count up to ten times `_LOOKED_AT` rows; the index has them at hand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM (SELECT 1 FROM forum_post_search WHERE words @@ %s::tsquery"
            " LIMIT %s) AS found",
            [f"'{_escaped(token)}'{':*' if begins else ''}", 10 * _LOOKED_AT],
        )
        return int(cursor.fetchone()[0])


def _near_misses(token: str, *, more_than: int) -> list[tuple[int, Term]]:
    """Return the commonest words of the index one letter away from ``token``, with their numbers of posts.

    Only those in ``more_than`` so many posts.
    """
    variants = sorted(one_letter_away(token)) if len(token) >= _SLIP_FROM else []
    if not variants:
        return []
    with connection.cursor() as cursor:
        if _is_postgres():
            cursor.execute(
                "SELECT lexeme, COUNT(*) FROM (SELECT words FROM forum_post_search"
                " WHERE words @@ array_to_string(%s::text[], ' | ')::tsquery LIMIT %s) AS found,"
                " unnest(tsvector_to_array(found.words)) AS lexeme"
                " WHERE lexeme = ANY(%s) GROUP BY lexeme",
                [variants, _LOOKED_AT, variants],
            )
        else:
            table = _words_of_the_index(cursor)
            places = ",".join(["%s"] * len(variants))
            cursor.execute(
                f"SELECT term, doc FROM {table} WHERE term IN ({places})",  # noqa: S608
                variants,
            )
        near = sorted(((int(count), word) for word, count in cursor.fetchall()), reverse=True)
    near = [one for one in near if one[0] > more_than]
    return [(count, ((word, True),)) for count, word in near[:_SLIP_WORDS]]


def _expression(terms: list[Term], mode: Mode, *, operators: tuple[str, str], prefix: str) -> str:
    """Write ``terms`` in the query language of the database; every token is quoted."""
    both, either = operators
    quote = '"' if prefix == "*" else "'"
    written = []
    for term in terms:
        tokens = [f"{quote}{token}{quote}{prefix if begins else ''}" for token, begins in term]
        written.append(f"({both.join(tokens)})")
    return (both if mode == "all" else either).join(written)


def _about(product: Product | None, key: str) -> tuple[str, list[int]]:
    """Return the condition, with its values, that the post whose id is ``key`` is about ``product``."""
    if product is None:
        return "", []
    return (
        f" AND EXISTS (SELECT 1 FROM forum_post p JOIN forum_board b ON b.id = p.board_id"  # noqa: S608
        f" WHERE p.id = {key} AND b.product_id = %s)",
        [product.pk],
    )


def _find_sqlite(
    terms: list[Term], limit: int, mode: Mode, after: int, product: Product | None
) -> list[tuple[int, float]]:
    quoted = [tuple((token.replace('"', '""'), begins) for token, begins in term) for term in terms]
    match = _expression(quoted, mode, operators=(" AND ", " OR "), prefix="*")
    there, values = _about(product, "forum_post_search.rowid")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid, -bm25(forum_post_search, %s, 1.0) AS score FROM forum_post_search"  # noqa: S608
            f" WHERE forum_post_search MATCH %s AND rowid > %s{there}"
            " ORDER BY score DESC, rowid DESC LIMIT %s",
            [TITLE_WEIGHT, match, after, *values, limit],
        )
        return [(int(pk), float(score)) for pk, score in cursor.fetchall()]


def _rarity(count: int, *, of: int) -> float:
    """Return what a word in ``count`` of so many posts weighs, as bm25 has it."""
    return max(0.01, math.log((max(of, count) - count + 0.5) / (count + 0.5)))


def _find_postgres(
    terms: list[Term], limit: int, mode: Mode, after: int, product: Product | None
) -> list[tuple[int, float]]:
    operators = (" & ", " | ")
    quoted = [tuple((_escaped(token), begins) for token, begins in term) for term in terms]
    match = _expression(quoted, mode, operators=operators, prefix=":*")
    # The weights are those of D, C, B, A; 1 divides by the logarithm of the length, as bm25 does in spirit.
    weights = [1 / TITLE_WEIGHT, 0.0, 0.0, 1.0]
    parts: list[tuple[float, str]] = [(1.0, match)]
    if mode == "any":  # ts_rank takes all words for equally rare
        ids = Post.objects.aggregate(first=Min("pk"), last=Max("pk"))
        total = (ids["last"] or 0) - (ids["first"] or 0) + 1
        parts = [
            (
                _rarity(min(_frequency(token, begins) for token, begins in term), of=total),
                _expression([written], mode, operators=operators, prefix=":*"),
            )
            for term, written in zip(terms, quoted, strict=True)
        ]
    score = " + ".join(["%s * ts_rank(%s::real[], words, %s::tsquery, 1)"] * len(parts))
    values = [value for rarity, part in parts for value in (rarity, weights, part)]
    there, on = _about(product, "post_id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT post_id, {score} AS score FROM forum_post_search"  # noqa: S608
            f" WHERE words @@ %s::tsquery AND post_id > %s{there}"
            " ORDER BY score DESC, post_id DESC LIMIT %s",
            [*values, match, after, *on, limit],
        )
        return [(int(pk), float(score)) for pk, score in cursor.fetchall()]

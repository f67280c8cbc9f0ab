"""The table of what posts are found by: FTS5 on SQLite, two tsvectors with GIN on PostgreSQL, of the same tokens.

Neither database cuts or ranks: it answers which posts hold which tokens, newest first, and gives their tokens back.
So both find the same posts, in the same order.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from feedback.forum.models import Post
from feedback.forum.search.language.words import Alternative

#: Between the stream of a column and what else it is found by.
MORE = " | "


@dataclass(frozen=True, slots=True)
class Row:
    """The tokens of a post. ``stream`` begins and ends with a space, and so does ``all``, which holds more of them."""

    title: str
    title_all: str
    body: str
    body_all: str


@dataclass(frozen=True, slots=True)
class Expression:
    """Which tokens a post must hold: one of the ``ways``, each of groups of which one alternative must be there.

    And nothing of ``without``.
    """

    ways: tuple[tuple[tuple[Alternative, ...], ...], ...]
    without: tuple[Alternative, ...] = ()


def is_postgres() -> bool:
    """Whether the site is on PostgreSQL."""
    return connection.vendor == "postgresql"


# --- Writing ------------------------------------------------------------------------------------------------------
def insert(rows: Iterable[tuple[int, str, str]]) -> None:
    """Insert (post id, tokens of the title, tokens of the body) of posts that have no row."""
    if is_postgres():
        statement = (
            "INSERT INTO forum_post_search (post_id, title, body, title_words, words) VALUES"
            " (%s, %s, %s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]))"
        )
        values: list[tuple[Any, ...]] = []
        for pk, title, body in rows:
            of_title = title.split()
            values.append((pk, title, body, of_title, [*of_title, *body.split()]))
    else:
        statement = "INSERT INTO forum_post_search (rowid, title, body) VALUES (%s, %s, %s)"
        values = list(rows)
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def delete(post_ids: Collection[int]) -> None:
    """Remove the rows of a few posts, of those that have one."""
    if not post_ids:
        return
    places = ",".join(["%s"] * len(post_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM forum_post_search WHERE {_key()} IN ({places})",  # noqa: S608
            list(post_ids),
        )


# --- Reading ------------------------------------------------------------------------------------------------------
def matching(
    expression: Expression,
    *,
    limit: int,
    among: QuerySet[Post] | None = None,
    in_title: bool = False,
) -> list[int]:
    """Return the ids of up to ``limit`` posts that ``expression`` describes, newest first.

    Of those ``among`` alone; with ``in_title`` by the tokens of their titles alone.
    """
    match = _written(expression)
    key = _key()
    if is_postgres():
        condition = f"{'title_words' if in_title else 'words'} @@ %s::tsquery"
    else:
        condition = "forum_post_search MATCH %s"
        match = f"{{title}} : ({match})" if in_title else match
    there, values = _exists(among, f"forum_post_search.{key}")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key} FROM forum_post_search WHERE {condition}{there}"  # noqa: S608
            f" ORDER BY {key} DESC LIMIT %s",
            [match, *values, limit],
        )
        return [int(pk) for (pk,) in cursor.fetchall()]


def rows_of(post_ids: Sequence[int]) -> dict[int, Row]:
    """Return the tokens of these posts, of those that have a row."""
    if not post_ids:
        return {}
    places = ", ".join(["%s"] * len(post_ids))
    key = _key()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, title, body FROM forum_post_search WHERE {key} IN ({places})",  # noqa: S608
            list(post_ids),
        )
        return {int(pk): row_of(title, body) for pk, title, body in cursor.fetchall()}


def row_of(title: str, body: str) -> Row:
    """Return two columns as a row."""
    return Row(
        f" {title.partition(MORE)[0]} ", f" {title} ", f" {body.partition(MORE)[0]} ", f" {body} "
    )


def count(token: str, *, at_most: int) -> int:
    """Return in how many posts ``token`` stands, ``at_most`` when there are more."""
    match = _written(Expression(((((token,),),),)))
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.execute(
                "SELECT COUNT(*) FROM (SELECT 1 FROM forum_post_search WHERE words @@ %s::tsquery"
                " LIMIT %s) AS found",
                [match, at_most],
            )
        else:
            cursor.execute(
                "SELECT COUNT(*) FROM (SELECT 1 FROM forum_post_search"
                " WHERE forum_post_search MATCH %s LIMIT %s)",
                [match, at_most],
            )
        return int(cursor.fetchone()[0])


def present(tokens: Collection[str]) -> set[str]:
    """Return those of ``tokens`` that stand in any post."""
    if not tokens:
        return set()
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.execute(
                "SELECT token FROM unnest(%s::text[], %s::text[]) AS sought(token, query) WHERE EXISTS"
                " (SELECT 1 FROM forum_post_search WHERE words @@ query::tsquery)",
                [list(tokens), [_quoted(token) for token in tokens]],
            )
        else:
            cursor.execute(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.forum_words"
                " USING fts5vocab('main', 'forum_post_search', 'row')"
            )
            places = ", ".join(["%s"] * len(tokens))
            cursor.execute(
                f"SELECT term FROM temp.forum_words WHERE term IN ({places})",  # noqa: S608
                list(tokens),
            )
        return {str(token) for (token,) in cursor.fetchall()}


def _key() -> str:
    return "post_id" if is_postgres() else "rowid"


def _exists(among: QuerySet[Post] | None, key: str) -> tuple[str, list[Any]]:
    """Return the condition, with its values, that the post whose id is ``key`` is ``among`` some."""
    if among is None:
        return "", []
    own = among.order_by().values("pk").extra(where=[f"forum_post.id = {key}"])  # noqa: S610
    sql, values = own.query.sql_with_params()
    return f" AND EXISTS ({sql})", list(values)


def _written(expression: Expression) -> str:
    """Write ``expression`` in the query language of the database; every token is quoted."""
    both, either, but = (" & ", " | ", " & !") if is_postgres() else (" AND ", " OR ", " NOT ")

    def together(tokens: Alternative) -> str:
        return "(" + both.join(map(_quoted, tokens)) + ")"

    ways = [
        both.join("(" + either.join(map(together, group)) + ")" for group in way)
        for way in expression.ways
    ]
    written = "(" + either.join(f"({way})" for way in ways) + ")"
    for tokens in expression.without:
        written += but + together(tokens)
    return written


def _quoted(token: str) -> str:
    begins = token.endswith("*")
    token = token.removesuffix("*")
    if is_postgres():
        token = token.replace("\\", "\\\\").replace("'", "''")
        return f"'{token}'{':*' if begins else ''}"
    token = token.replace('"', '""')
    return f'"{token}"{" *" if begins else ""}'

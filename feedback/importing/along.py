"""What comes along with posts from elsewhere: comments, official answers, and the addresses at which they were shown."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from feedback.accounts.imported import Writer
from feedback.asks.counts import recount
from feedback.asks.models import Membership
from feedback.forum.addresses.operations import remember
from feedback.forum.comments.bulk import CommentRow, CommentsBrought, bring_comments
from feedback.forum.queries import imported_posts
from feedback.importing.formats import Author, Comment, Field, FileMapping, PostRow

#: Rows whose comments are brought at a time.
BATCH = 1_000
#: Who gives official answers where the source names nobody: one person a source, not one an answer.
_TEAM = "~team"
_UNDER_POSTS = (Field.COMMENTS, Field.ANSWER, Field.COMMENT_ON)


def recount_asks(source: str) -> None:
    """Count anew the asks that hold posts of ``source``, whose votes elsewhere may have changed."""
    held = Membership.objects.filter(post__source=source).order_by()
    recount(held.values_list("ask", flat=True).distinct())


def comes_along(mapping: FileMapping) -> bool:
    """Tell whether there may be more in a file than posts."""
    known = mapping.known
    return any(what in mapping.taken for what in _UNDER_POSTS) or (
        known is not None and known.addresses is not None
    )


def bring(
    rows: Sequence[PostRow], *, mapping: FileMapping, source: str, now: dt.datetime
) -> CommentsBrought:
    """Bring what belongs to the posts of these rows, which are there; what has been brought before stays as it is."""
    brought = bring_comments(
        [comment for row in rows for comment in _comments_of(row)], source=source, now=now
    )
    known = mapping.known
    if known is not None and known.addresses is not None:
        shown = {row.external_id: known.addresses(row.values) for row in rows if not row.comment_on}
        posts = imported_posts(source, shown)
        remember(
            (path, pk)
            for external_id, pk in posts.values_list("external_id", "pk")
            for path in shown[external_id]
        )
    return brought


def _comments_of(row: PostRow) -> Iterator[CommentRow]:
    if row.comment_on:
        external_id = "" if row.is_id_made else row.external_id
        own = Comment(
            row.body or row.title,
            row.author,
            row.posted_at,
            external_id,
            row.is_official,
            row.is_internal,
        )
        yield _comment_row(row.comment_on, own)
        under = row.comment_on  # an answer to a comment is one more comment
    else:
        under = row.external_id
    if row.answer is not None:
        yield _comment_row(under, row.answer)
    for comment in row.comments:
        yield _comment_row(under, comment)


def _comment_row(post: str, comment: Comment) -> CommentRow:
    is_the_team_s = comment.is_official and comment.author.is_nobody
    return CommentRow(
        post=post,
        body=comment.body,
        writer=Writer(_TEAM, _("Team")) if is_the_team_s else writer_of(comment.author),
        posted_at=comment.posted_at,
        external_id=comment.external_id,
        is_official=comment.is_official,
        is_internal=comment.is_internal,
    )


def writer_of(author: Author) -> Writer:
    """Return who wrote something, as the rooms below know them."""
    return Writer(author.key, author.name, author.email)

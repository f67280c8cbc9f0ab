"""Taking over posts from elsewhere: a file of reviews, another forum.

Rows stream through in batches, each batch one transaction, so memory stays flat and an import that was stopped
goes on where it was: a row is known by its source and external id and is never taken twice.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import F
from django.utils.translation import gettext as _

from feedback.accounts.claiming.operations import carry_over
from feedback.accounts.imported import NO_FILES, Writer, bring_writers, origin_key
from feedback.accounts.models import User
from feedback.forum.closed.standing import shown_on
from feedback.forum.models import BODY_LENGTH, TITLE_LENGTH, VERSION_LENGTH, Board, Post, Vote
from feedback.forum.posts.bulk_update import take_changes
from feedback.forum.posts.hotness import hotness
from feedback.forum.queries import imported_posts
from feedback.forum.search import index
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import text, typed, visible
from feedback.kernel.languages import spoken_in
from feedback.kernel.prepared_insert import PreparedInsert
from feedback.kernel.turns import Share

#: Posts written in one transaction: as many as end in so many seconds. Members who post meanwhile wait for one.
LEAST, BATCH, SECONDS = 25, 1_000, 0.1
_MADE_TITLE_LENGTH = 80
_TRAILING = " ,.;:" + ",。;:、"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of a file, its columns mapped and its values read.

    ``author`` is "" for a row without one, ``author_key`` what tells its author from others where that is not the name, ``author_email``
    is kept for claiming; ``posted_at`` aware or None for now, ``rating`` 1 to 5 or None, ``votes_elsewhere`` were counted without names,
    ``fields`` the columns that have no place of their own, ``line`` where it stands in the file.
    """

    external_id: str
    title: str
    body: str
    author: str = ""
    author_key: str = ""
    author_email: str = ""
    kind: str = ""
    posted_at: dt.datetime | None = None
    product_version: str = ""
    country: str = ""
    rating: int | None = None
    votes_elsewhere: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)
    line: int = 0


@dataclass(slots=True)
class ImportResult:
    """How far an import has come: rows read = made + already_there + rejected.

    Of those already there ``updated`` were made to say what their row says now; ``changed`` differ from it and were left: all
    without ``update``, with it those whose authors are somebody here by now.
    """

    read: int = 0
    made: int = 0
    already_there: int = 0
    rejected: int = 0
    changed: int = 0
    updated: int = 0


class RowRejected(Exception):
    """This row cannot become a post; the message says why."""


def is_source(name: str) -> bool:
    """Return whether ``name`` may be that of a source: short, without what parts it from an id, and none of this site's own."""
    is_short = bool(name) and len(name) <= 60
    return is_short and not set(name) & set(":#") and name not in NO_FILES


def check_source(name: str) -> None:
    """Raises `ValueError` for what is no name of a source."""
    if not is_source(name):
        raise ValueError(f"A source is a short name without ':' and '#', not {name!r}.")


def import_rows(
    rows: Iterable[ImportRow],
    *,
    board: Board,
    source: str,
    now: dt.datetime,
    actor: User | None = None,
    update: bool = False,
    on_progress: Callable[[ImportResult], None] | None = None,
    on_reject: Callable[[ImportRow, str], None] | None = None,
    on_written: Callable[[int], None] = lambda made: None,
) -> ImportResult:
    """Make a post of every row of ``rows`` that is not there yet, in batches that hold up nobody.

    An author's name makes one person of the same name in ``source``; a row without one is one anonymous
    person. Each post brings its author's vote, its date and its search row; a batch is one journal entry.
    A row that is there and has changed since is counted, and with ``update`` its post says what it says.
    ``on_progress`` is called after every batch, ``on_reject(row, reason)`` for every row that cannot be taken, and
    ``on_written(made)`` within the transaction of a batch that made posts: what it writes is there with them or not at all.

    Raises `ValueError` for a source that is empty, longer than 60 or holds ":" or "#". Lock contract: the
    board's row, once a batch, so that two imports into one board take turns.
    """
    check_source(source)
    result = ImportResult()
    stream = iter(rows)
    share = Share(least=min(LEAST, BATCH), most=BATCH, seconds=SECONDS)
    while batch := list(islice(stream, share.size)):
        result.read += len(batch)
        fresh: dict[str, Post] = {}
        authors: dict[str, Writer] = {}
        for row in batch:
            try:
                post = _post_of(row, board=board, source=source, now=now)
            except RowRejected as rejected:
                result.rejected += 1
                if on_reject is not None:
                    on_reject(row, str(rejected))
                continue
            if post.external_id in fresh:
                result.already_there += 1
                continue
            fresh[post.external_id] = post
            name = row.author.strip()
            key = row.author_key.strip() or name
            authors[post.external_id] = Writer(key, name, row.author_email)
        taken = _take(
            fresh,
            authors,
            board=board,
            source=source,
            now=now,
            actor=actor,
            update=update,
            share=share,
            on_written=on_written,
        )
        result.made += taken.made
        result.already_there += len(fresh) - taken.made
        result.changed += taken.changed
        result.updated += taken.updated
        if on_progress is not None:
            on_progress(result)
    return result


def _post_of(row: ImportRow, *, board: Board, source: str, now: dt.datetime) -> Post:
    """Return the unsaved post of ``row``, without its author; raises `RowRejected`."""
    external_id = row.external_id.strip()
    if not external_id or len(external_id) > 200:
        raise RowRejected(_("the id is empty or longer than 200 characters"))
    title, body = _title_and_body(row)
    posted_at = row.posted_at or now
    if posted_at > now + dt.timedelta(days=1):
        raise RowRejected(
            _("the date lies in the future: %(date)s") % {"date": f"{posted_at:%Y-%m-%d}"}
        )
    if row.rating is not None and not 1 <= row.rating <= 5:
        raise RowRejected(_('stars are 1 to 5, not "%(stars)s"') % {"stars": row.rating})
    kind = row.kind or Post.Kind.SUGGESTION
    if kind not in Post.Kind.values:
        raise RowRejected(
            _("the kind is one of %(kinds)s, not %(kind)s")
            % {"kinds": ", ".join(Post.Kind.values), "kind": kind}
        )
    post = Post(
        board=board,
        kind=kind,
        title=title,
        body=body,
        language=spoken_in(text.text_of(title, body)),
        content_hash=text.content_hash(title, body),
        product_version=visible.cut(text.one_line(row.product_version), VERSION_LENGTH),
        rating=row.rating,
        votes_elsewhere=row.votes_elsewhere,
        country=row.country.upper() if len(row.country) == 2 else "",
        fields=dict(row.fields),
        source=source,
        external_id=external_id,
        posted_at=posted_at,
        arrived_at=now,
        last_activity_at=posted_at,
        vote_count=1,
        hotness=hotness(posted_at=posted_at, votes=1, comments=0),
    )
    _stand(post, board)
    return post


def _stand(post: Post, board: Board) -> None:
    """Have an unsaved ``post`` be shown as posts of ``board`` are: on a closed one no search finds it."""
    post.state = shown_on(board)
    if post.state == Post.State.PUBLISHED:
        index.mark_indexed(post)
    else:
        post.indexed_as = index.NOT_SEARCHABLE


#: What programs write where nobody wrote a title.
_NO_TITLE = frozenset({"none", "null", "nan", "n/a", "undefined"})


def _title_and_body(row: ImportRow) -> tuple[str, str]:
    """Return both as stored. Without a title the body's beginning serves; too long a one moves into the body."""
    title = typed.shown(text.one_line(row.title))
    body = typed.shown(text.normalise(row.body))
    if body and text.fold(title) in _NO_TITLE:
        title = ""
    if not title and not body:
        raise RowRejected(_("there are no words in it"))
    if not title:
        title = _cut(body.split("\n", 1)[0], _MADE_TITLE_LENGTH)
    elif visible.length(title) > TITLE_LENGTH:
        body = f"{title}\n\n{body}".strip()
        title = _cut(title, TITLE_LENGTH)
    if visible.length(body) > BODY_LENGTH:
        raise RowRejected(_("it is longer than %(most)s characters") % {"most": f"{BODY_LENGTH:,}"})
    return title, body


def _cut(line: str, length: int) -> str:
    """Return ``line`` cut at a word's end to at most ``length`` characters, with an ellipsis."""
    head = visible.cut(line, length)
    if head == line:
        return line
    head = head.removesuffix("…")
    at_word = head.rsplit(" ", 1)[0] if " " in head[len(head) // 2 :] else head
    return at_word.rstrip(_TRAILING) + "…"


def _take(
    fresh: Mapping[str, Post],
    authors: Mapping[str, Writer],
    *,
    board: Board,
    source: str,
    now: dt.datetime,
    actor: User | None,
    update: bool,
    share: Share,
    on_written: Callable[[int], None],
) -> ImportResult:
    """Write those of ``fresh`` (by external id) that are not there yet, in one transaction; return how many.

    ``authors`` are by external id. All that can be is made ready before: others write meanwhile.
    """
    result = ImportResult()
    there = _there(fresh, source)
    posts = [post for external_id, post in fresh.items() if external_id not in there]
    if posts:
        keys = {
            post.external_id: origin_key(source, authors[post.external_id].key, post.external_id)
            for post in posts
        }
        # Of several rows of an author one that gives an address has the last word.
        fuller = sorted(keys, key=lambda post: bool(authors[post].email))
        people = bring_writers({keys[post]: authors[post] for post in fuller}, now=now)
        for post in posts:
            post.author = people[keys[post.external_id]]
        rows = PreparedInsert(posts)
        columns = {post.external_id: index.columns_of(post) for post in posts}
        with share.transaction(len(posts)):
            held = Board.objects.select_for_update(no_key=True).get(pk=board.pk)
            meanwhile = _there([post.external_id for post in posts], source)
            if meanwhile or held.is_closed != board.is_closed:
                # Another import of the same source was here, or somebody closed the board.
                posts = [post for post in posts if post.external_id not in meanwhile]
                for post in posts:
                    _stand(post, held)
                rows = PreparedInsert(posts) if posts else rows
            if posts:
                _write(posts, rows, columns, board=board, source=source, now=now, actor=actor)
                carry_over(post.author_id for post in posts)
                on_written(len(posts))
    result.made = len(posts)
    if there:
        known = {external_id: fresh[external_id] for external_id in there}
        changes = take_changes(known, source=source, actor=actor, update=update, now=now)
        result.updated, result.changed = changes.taken, changes.left
    return result


def _there(external_ids: Iterable[str], source: str) -> set[str]:
    return set(imported_posts(source, external_ids).values_list("external_id", flat=True))


def _write(
    posts: list[Post],
    rows: PreparedInsert,
    columns: Mapping[str, index.Columns],
    *,
    board: Board,
    source: str,
    now: dt.datetime,
    actor: User | None,
) -> None:
    """Write new posts with their votes and search rows, the board's count and the journal entry. Call in a transaction."""
    rows.write()
    written = imported_posts(source, (post.external_id for post in posts))
    keys = dict(written.values_list("external_id", "pk"))
    for post in posts:
        post.pk = keys[post.external_id]
    votes = [Vote(post=post, person_id=post.author_id, voted_at=post.posted_at) for post in posts]
    PreparedInsert(votes).write()
    index.write_rows(
        (post, columns[post.external_id]) for post in posts if post.state == Post.State.PUBLISHED
    )
    Board.objects.filter(pk=board.pk).update(post_count=F("post_count") + len(posts))
    journal.write(
        verb=Verb.POSTS_IMPORTED,
        subject=board,
        actor_id=None if actor is None else actor.pk,
        now=now,
        data={"board": board.slug, "source": source, "count": len(posts)},
    )

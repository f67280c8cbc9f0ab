"""Publishing a post, changing its words, taking it away and bringing it back."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_team
from feedback.forum.models import BODY_LENGTH, TITLE_LENGTH, VERSION_LENGTH, Board, Post, Vote
from feedback.forum.permissions import may_post
from feedback.forum.posts import drafts
from feedback.forum.posts.hotness import hotness
from feedback.forum.search import index
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import text, typed
from feedback.kernel.languages import spoken_in
from feedback.kernel.refusals import Refusal

#: A second sending of the same words within this time is the same post.
SENT_TWICE_WITHIN = dt.timedelta(minutes=2)


def words_of(title: str, body: str) -> tuple[str, str]:
    """Return title and body as they are stored; raises `Refusal` without a title, and where one is too long."""
    title = typed.line(title, most=TITLE_LENGTH)
    if not title:
        raise Refusal(_("Give it a title. A few words are enough."), status=422)
    return title, typed.words(body, most=BODY_LENGTH)


def publish_post(
    *,
    board: Board,
    author: User,
    title: str,
    body: str = "",
    kind: str = Post.Kind.SUGGESTION,
    now: dt.datetime,
    product_version: str = "",
    rating: int | None = None,
    country: str = "",
    fields: Mapping[str, Any] | None = None,
    draft: str = "",
) -> Post:
    """Publish a post with its author's vote, its search row, the board's count and a journal entry.

    The same words sent twice to the same board within two minutes are one post, and those of one ``draft`` (its key)
    for as long as `drafts.tidy` keeps it: the first is returned.
    Raises `Refusal` for an empty title, words that are too long and a board that is closed to ``author``. Lock
    contract: the author's row, so that of two equal requests at once the second finds the first one's post.
    """
    title, body = words_of(title, body)
    if not may_post(author, board):
        raise Refusal(_("You cannot post on this board any more."))
    content_hash = text.content_hash(title, body)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=author.pk)
        before = _sent_before(author, board, content_hash, draft=draft, now=now)
        if before is not None:
            drafts.is_sent(draft, post=before, now=now)
            return before
        post = Post.objects.create(
            board=board,
            author=author,
            kind=kind,
            title=title,
            body=body,
            language=spoken_in(text.text_of(title, body)),
            content_hash=content_hash,
            product_version=typed.line(product_version, most=VERSION_LENGTH),
            rating=rating,
            country=country,
            fields=dict(fields or {}),
            posted_at=now,
            arrived_at=now,
            last_activity_at=now,
            vote_count=1,
            hotness=hotness(posted_at=now, votes=1, comments=0),
        )
        Vote.objects.create(post=post, person=author, voted_at=now)
        index.index_post(post)
        drafts.is_sent(draft, post=post, now=now)
        Board.objects.filter(pk=board.pk).update(post_count=F("post_count") + 1)
        journal.write(
            verb=Verb.POST_PUBLISHED,
            subject=post,
            actor_id=author.pk,
            now=now,
            data={"post": post.public_id, "board": board.slug, "kind": kind, "title": title},
        )
    return post


def _sent_before(
    author: User, board: Board, content_hash: str, *, draft: str, now: dt.datetime
) -> Post | None:
    """Return the post that these words became already, None when they are new.

    Asked by author and words alone: given the board too, SQLite reads the whole board.
    """
    for post in Post.objects.filter(content_hash=content_hash, author=author):
        if post.board_id == board.pk and post.state == Post.State.PUBLISHED:
            is_late = post.arrived_at <= now - SENT_TWICE_WITHIN
            if not is_late or post.drafts.filter(person=author, key=draft).exists():
                return post
    return None


def _refuse_others(post: Post, person: User) -> None:
    if post.author_id != person.pk:
        raise PermissionDenied


def edit_post(
    *,
    post: Post,
    editor: User,
    title: str,
    body: str,
    now: dt.datetime,
    kind: str | None = None,
    product_version: str | None = None,
) -> bool:
    """Change the words of a post; return whether anything changed. The journal keeps the words before.

    Votes, comments and links stay. Raises `PermissionDenied` for anybody but its author, `Refusal` for an empty
    title, words that are too long and a post that no longer stands. Lock contract: the post's row.
    """
    _refuse_others(post, editor)
    title, body = words_of(title, body)
    with transaction.atomic():
        stored = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        if stored.state != Post.State.PUBLISHED:
            raise Refusal(_("This post is no longer shown, so its words cannot be changed."))
        wanted = {
            "title": title,
            "body": body,
            "kind": stored.kind if kind is None else kind,
            "product_version": stored.product_version
            if product_version is None
            else typed.line(product_version, most=VERSION_LENGTH),
        }
        before = {
            name: getattr(stored, name)
            for name, value in wanted.items()
            if getattr(stored, name) != value
        }
        if not before:
            return False
        for name, value in wanted.items():
            setattr(post, name, value)
        post.language = spoken_in(text.text_of(title, body))
        post.content_hash = text.content_hash(title, body)
        post.edited_at = now
        post.save(update_fields=[*wanted, "language", "content_hash", "edited_at"])
        index.index_post(post)
        journal.write(
            verb=Verb.POST_EDITED,
            subject=post,
            actor_id=editor.pk,
            now=now,
            data={"post": post.public_id, "before": before},
        )
    return True


def withdraw_post(*, post: Post, author: User, now: dt.datetime) -> bool:
    """Take a post back for its author; return whether it stood. Its row stays, its words are no longer shown.

    Raises `PermissionDenied` for anybody else.
    """
    _refuse_others(post, author)
    return _change_state(
        post,
        was=(Post.State.PUBLISHED, Post.State.HIDDEN),
        becomes=Post.State.WITHDRAWN,
        verb=Verb.POST_WITHDRAWN,
        actor=author,
        now=now,
    )


@by_team
def hide_post(*, post: Post, moderator: User, now: dt.datetime, reason: str = "") -> bool:
    """Hide a post from all but its author and the team; return whether it was published."""
    return _change_state(
        post,
        was=(Post.State.PUBLISHED,),
        becomes=Post.State.HIDDEN,
        verb=Verb.POST_HIDDEN,
        actor=moderator,
        now=now,
        reason=reason,
    )


@by_team
def show_post(*, post: Post, moderator: User, now: dt.datetime) -> bool:
    """Show a hidden post again; return whether it was hidden. A withdrawn post is its author's."""
    return _change_state(
        post,
        was=(Post.State.HIDDEN,),
        becomes=Post.State.PUBLISHED,
        verb=Verb.POST_SHOWN,
        actor=moderator,
        now=now,
    )


def put_post(*, post: Post, board: Board, actor: User | None, now: dt.datetime) -> None:
    """Write that ``post`` stands on ``board``; ``actor`` is None at the command line. Call in a transaction.

    `asks.decisions.rehouse.move_post_to` is how a person does it: in another product the post leaves its ask.
    Lock contract: the post's row, so that nobody hides or shows it between the two counts.
    """
    held = Post.objects.select_for_update(no_key=True, of=("self",)).select_related("board")
    stored = held.get(pk=post.pk)
    came_from = stored.board
    if stored.state == Post.State.PUBLISHED:
        Board.objects.filter(pk=came_from.pk).update(post_count=F("post_count") - 1)
        Board.objects.filter(pk=board.pk).update(post_count=F("post_count") + 1)
    post.board = board
    Post.objects.filter(pk=post.pk).update(board=board)
    journal.write(
        verb=Verb.POST_CHANGED_BOARD,
        subject=post,
        actor_id=actor.pk if actor is not None else None,
        now=now,
        data={"post": post.public_id, "from": came_from.slug, "board": board.slug},
    )


def _change_state(
    post: Post,
    *,
    was: tuple[Post.State, ...],
    becomes: Post.State,
    verb: Verb,
    actor: User,
    now: dt.datetime,
    reason: str = "",
) -> bool:
    with transaction.atomic():
        stored = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        if stored.state not in was:
            return False
        step = (becomes == Post.State.PUBLISHED) - (stored.state == Post.State.PUBLISHED)
        post.state = becomes
        post.save(update_fields=["state"])
        index.index_post(post)
        if step:
            Board.objects.filter(pk=stored.board_id).update(post_count=F("post_count") + step)
        data = {"post": post.public_id}
        if reason:
            data["reason"] = reason
        journal.write(verb=verb, subject=post, actor_id=actor.pk, now=now, data=data)
    return True

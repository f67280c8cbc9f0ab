"""Publishing a post, changing its words, taking it away and bringing it back."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_moderator
from feedback.accounts.restrictions import refuse_muted
from feedback.forum.board_fields.forms import PREFIX
from feedback.forum.closed.reading import READ, SHOWN
from feedback.forum.closed.standing import settled
from feedback.forum.consents.models import Use, columns
from feedback.forum.consents.queries import chosen_by
from feedback.forum.counts import recount_posts
from feedback.forum.models import BODY_LENGTH, TITLE_LENGTH, VERSION_LENGTH, Board, Post, Vote
from feedback.forum.moderation.cases import WAS_PUBLIC, hold
from feedback.forum.permissions import may_post
from feedback.forum.posts import drafts
from feedback.forum.posts.hotness import hotness
from feedback.forum.renderings.keeping import keep
from feedback.forum.search import index
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import text, typed
from feedback.kernel.languages import spoken_in
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale
from feedback.kernel.stale import words_of as words_of_row

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
    held_for: Sequence[str] = (),
    written_by: User | None = None,
    uses: Collection[Use] | None = None,
) -> Post:
    """Publish a post with its author's vote, its search row, the board's count and a journal entry.

    ``written_by`` is who of the team writes it in the name of its author (`customers.operations.post_for_customer`).

    Its author agrees to ``uses`` of its words; None: to what they chose for all they post.

    On a closed board it is shown to those who read that, and to nobody else.
    What an agent posts waits to be confirmed by the person it acts for: others read it, and nothing counts it (`closed.standing`).
    What is ``held_for`` something waits for the team instead, in a case: nothing counts it, finds it or tells of it.

    The same words sent twice to the same board within two minutes are one post, and those of one ``draft`` (its key)
    for as long as `drafts.tidy` keeps it: the first is returned.
    Raises `Refusal` for an empty title, words that are too long, a board that is closed to ``author`` and one who is muted. Lock
    contract: the author's row, so that of two equal requests at once the second finds the first one's post; then the board's.
    """
    title, body = words_of(title, body)
    writer = written_by or author
    refuse_muted(writer, now=now)
    if not may_post(writer, board):
        raise Refusal(_("You cannot post on this board any more."))
    content_hash = text.content_hash(title, body)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=author.pk)
        before = _sent_before(author, board, content_hash, draft=draft, now=now)
        if before is not None:
            drafts.is_sent(draft, person=writer, post=before, now=now)
            return before
        state = settled(
            Post.State.HELD if held_for else Post.State.PUBLISHED,
            board_id=board.pk,
            author_id=author.pk,
        )
        counts = state in SHOWN
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
            state=state,
            vote_count=int(counts),
            hotness=hotness(posted_at=now, votes=int(counts), comments=0),
            **columns(chosen_by(author) if uses is None else set(uses)),
        )
        keep(post)
        drafts.is_sent(draft, person=writer, post=post, now=now)
        if held_for:
            hold(post, held_for=held_for, now=now)
        elif not counts:
            waits_for_human(post, now=now)
        else:
            Vote.objects.create(post=post, person=author, voted_at=now)
            made_public(post, by=writer.pk, now=now)
    return post


def made_public(post: Post, *, by: int, now: dt.datetime) -> None:
    """Count, index and record a post that is shown from now on. Call in a transaction."""
    index.index_post(post)
    Board.objects.filter(pk=post.board_id).update(post_count=F("post_count") + 1)
    journal.write(
        verb=Verb.POST_PUBLISHED,
        subject=post,
        actor_id=by,
        now=now,
        data={
            "post": post.public_id,
            "board": post.board.slug,
            "kind": post.kind,
            "title": post.title,
        },
    )


def waits_for_human(post: Post, *, now: dt.datetime) -> None:
    """Record a post of an agent. Call in a transaction."""
    journal.write(
        verb=Verb.POST_BY_AGENT,
        subject=post,
        actor_id=post.author_id,
        now=now,
        data={"post": post.public_id, "board": post.board.slug},
    )


def _sent_before(
    author: User, board: Board, content_hash: str, *, draft: str, now: dt.datetime
) -> Post | None:
    """Return the post that these words became already, None when they are new.

    Asked by author and words alone: given the board too, SQLite reads the whole board.
    """
    for post in Post.objects.filter(content_hash=content_hash, author=author):
        if post.board_id == board.pk and post.state in (*READ, Post.State.HELD):
            is_late = post.arrived_at <= now - SENT_TWICE_WITHIN
            if not is_late or (draft and post.drafts.filter(key=draft).exists()):
                return post
    return None


def _refuse_others(post: Post, person: User) -> None:
    if post.author_id != person.pk:
        raise PermissionDenied


def said_by(post: Post) -> dict[str, str]:
    """Return what ``post`` says, by its field, for `stale`."""
    said = words_of_row(post, ("title", "body", "kind", "product_version"))
    return said | {f"{PREFIX}{name}": str(value) for name, value in post.fields.items()}


def edit_post(
    *,
    post: Post,
    editor: User,
    title: str,
    body: str,
    now: dt.datetime,
    kind: str | None = None,
    product_version: str | None = None,
    fields: Mapping[str, Any] | None = None,
    seen: str | None = None,
    held_for: Sequence[str] = (),
) -> bool:
    """Change the words of a post; return whether anything changed. The journal keeps the words before.

    ``fields`` are those of its board (`board_fields`): an empty one goes, others that the post has stay. ``seen`` is the mark of
    `said_by` that the editor began with: raises `StaleEdit` where the post says something else now.

    Votes, comments and links stay. Raises `PermissionDenied` for anybody but its author, `Refusal` for an empty
    title, words that are too long and a post that no longer stands. Lock contract: the post's row.
    """
    _refuse_others(post, editor)
    refuse_muted(editor, now=now)
    title, body = words_of(title, body)
    with transaction.atomic():
        stored = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        if not stored.is_shown:
            raise Refusal(_("This post is no longer shown, so its words cannot be changed."))
        wanted = {
            "title": title,
            "body": body,
            "kind": stored.kind if kind is None else kind,
            "product_version": stored.product_version
            if product_version is None
            else typed.line(product_version, most=VERSION_LENGTH),
            "fields": _with(stored.fields, fields or {}),
        }
        before = {
            name: getattr(stored, name)
            for name, value in wanted.items()
            if getattr(stored, name) != value
        }
        if not before:
            return False
        refuse_stale(said_by(stored), seen=seen)
        for name, value in wanted.items():
            setattr(post, name, value)
        post.language = spoken_in(text.text_of(title, body))
        post.content_hash = text.content_hash(title, body)
        post.edited_at = now
        post.save(update_fields=[*wanted, "language", "content_hash", "edited_at"])
        keep(post)
        index.index_post(post)
        journal.write(
            verb=Verb.POST_EDITED,
            subject=post,
            actor_id=editor.pk,
            now=now,
            data={"post": post.public_id, "before": before},
        )
        if held_for:
            take_out_of_sight(post=post, becomes=Post.State.HELD, actor=editor, now=now)
            hold(post, held_for=[*held_for, WAS_PUBLIC], now=now)
    return True


def _with(stored: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    together = {**stored, **said}
    return {name: value for name, value in together.items() if value != "" or name not in said}


def withdraw_post(*, post: Post, author: User, now: dt.datetime) -> bool:
    """Take a post back for its author; return whether it stood. Its row stays, its words are no longer shown.

    Raises `PermissionDenied` for anybody else.
    """
    _refuse_others(post, author)
    return change_state(
        post=post,
        was=(*READ, Post.State.HIDDEN, Post.State.HELD),
        becomes=Post.State.WITHDRAWN,
        verb=Verb.POST_WITHDRAWN,
        actor=author,
        now=now,
    )


@by_moderator
def hide_post(*, post: Post, moderator: User, now: dt.datetime, reason: str = "") -> bool:
    """Hide a post from all but its author and the team; return whether it was shown."""
    return take_out_of_sight(
        post=post, becomes=Post.State.HIDDEN, actor=moderator, now=now, reason=reason
    )


def take_out_of_sight(
    *, post: Post, becomes: Post.State, actor: User | None, now: dt.datetime, reason: str = ""
) -> bool:
    """Have a post that is read be hidden or wait for the team; return whether it was read. ``actor`` as in `change_state`."""
    return change_state(
        post=post,
        was=READ,
        becomes=becomes,
        verb=Verb.POST_HIDDEN,
        actor=actor,
        now=now,
        reason=reason,
    )


@by_moderator
def show_post(*, post: Post, moderator: User, now: dt.datetime) -> bool:
    """Show a hidden post again; return whether it was hidden. A withdrawn post is its author's."""
    return change_state(
        post=post,
        was=(Post.State.HIDDEN,),
        becomes=Post.State.PUBLISHED,
        verb=Verb.POST_SHOWN,
        actor=moderator,
        now=now,
    )


def put_post(
    *, post: Post, board: Board, actor: User | None, now: dt.datetime, **said: str
) -> None:
    """Write that ``post`` stands on ``board``; ``actor`` is None at the command line. Call in a transaction.

    ``said`` goes into the journal: the ``word`` that tells its author why, or the ``ruling`` by which they hear it.

    `asks.decisions.rehouse.move_post_to` is how a person does it: in another product the post leaves its ask.
    Lock contract: the post's row, so that nobody hides or shows it between the two counts.
    """
    held = Post.objects.select_for_update(no_key=True, of=("self",)).select_related("board")
    stored = held.get(pk=post.pk)
    came_from = stored.board
    came_as, state = stored.state, Post.State(stored.state)
    if stored.is_shown:
        state = settled(state, board_id=board.pk, author_id=stored.author_id)
        Board.objects.filter(pk=came_from.pk).update(post_count=F("post_count") - 1)
    if state in SHOWN:
        Board.objects.filter(pk=board.pk).update(post_count=F("post_count") + 1)
    post.board, post.state, post.pinned_at = board, state, None
    Post.objects.filter(pk=post.pk).update(board=board, state=state, pinned_at=None)
    if state != came_as:  # between an open board and a closed one
        stored.board, stored.state = board, state
        index.index_post(stored)
    journal.write(
        verb=Verb.POST_CHANGED_BOARD,
        subject=post,
        actor_id=actor.pk if actor is not None else None,
        now=now,
        data={"post": post.public_id, "from": came_from.slug, "board": board.slug} | said,
    )


def change_state(
    *,
    post: Post,
    was: Collection[Post.State],
    becomes: Post.State,
    verb: Verb,
    actor: User | None,
    now: dt.datetime,
    reason: str = "",
) -> bool:
    """Write that a post that ``was`` one of these states ``becomes`` another; return whether it did.

    ``actor`` is None where nobody of the team decided it.
    """
    with transaction.atomic():
        stored = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        if stored.state not in was:
            return False
        post.state, post.board_id = stored.state, stored.board_id
        write_state(post=post, becomes=becomes, verb=verb, actor=actor, now=now, reason=reason)
    return True


def write_state(
    *,
    post: Post,
    becomes: Post.State,
    verb: Verb,
    actor: User | None,
    now: dt.datetime,
    reason: str = "",
) -> None:
    """Write that ``post``, as it was read when its row was locked, ``becomes`` another state; ``actor`` is None for the machine. Call in a transaction.

    To be shown is what its board says, `closed.standing.settled`. What an agent wrote who is a person by now has their vote from then on.
    """
    waited = becomes == Post.State.WITNESS
    becomes = settled(becomes, board_id=post.board_id, author_id=post.author_id)
    step = (becomes in SHOWN) - (post.state in SHOWN)
    post.state = becomes
    post.save(update_fields=["state"])
    if waited and becomes in SHOWN:
        Vote.objects.get_or_create(post=post, person_id=post.author_id, defaults={"voted_at": now})
        recount_posts([post.pk])
    index.index_post(post)
    if step:
        Board.objects.filter(pk=post.board_id).update(post_count=F("post_count") + step)
    data = {"post": post.public_id} | ({"reason": reason} if reason else {})
    actor_id = actor.pk if actor is not None else None
    journal.write(verb=verb, subject=post, actor_id=actor_id, now=now, data=data)

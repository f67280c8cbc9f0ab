"""Moving a post to another board, or a board to another product: across products posts leave their asks."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.counts import recount
from feedback.asks.decisions.contradictions import refuse_contradictions
from feedback.asks.decisions.recording import (
    overtake_proposals,
    record,
    record_undone,
    restore,
    snapshot,
)
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Decision, Membership, PlacementAttempt, Proposal
from feedback.forum.boards.operations import nest_again, put_board
from feedback.forum.models import Board, Post, Product
from feedback.forum.moderation.models import LINE_LENGTH
from feedback.forum.posts.operations import put_post
from feedback.kernel import typed
from feedback.kernel.batches import batches
from feedback.kernel.refusals import Refusal


@by_manager
@transaction.atomic
def move_board(*, board: Board, to: Product, actor: User, now: dt.datetime) -> Decision:
    """Move ``board`` to the product ``to``; its posts leave their asks and are grouped there. Raises `Refusal`.

    Boards inside it stay where they are. Lock contract: under `hold_grouping`.
    """
    hold_grouping()
    board = Board.objects.select_related("product").get(pk=board.pk)
    if board.product_id == to.pk:
        raise Refusal(_("“%s” is a board of this product already.") % board.title)
    posts = Post.objects.filter(board=board)
    before = leave_asks(posts.values_list("pk", flat=True), now=now)
    before["board"] = [board.pk, board.product_id, board.parent_id]
    before["inside"] = list(board.children.values_list("pk", flat=True))
    put_board(board, to)
    return _rehoused(before, to=to, subject=board, actor=actor, now=now)


@by_manager
@transaction.atomic
def move_post_to(
    *, post: Post, to: Board, actor: User, now: dt.datetime, word: str = ""
) -> Decision | None:
    """Move ``post`` to the board ``to``; into another product it leaves its ask. Raises `Refusal`.

    Its author hears, and by ``word`` why.

    Returns the decision, which may be undone, or None where the product is the same and the ask stays. Lock contract:
    under `hold_grouping`.
    """
    hold_grouping()
    post = Post.objects.select_related("board").get(pk=post.pk)
    to = Board.objects.select_related("product").get(pk=to.pk)
    if post.board_id == to.pk:
        raise Refusal(_("The post is on this board already."))
    if to.is_archived:
        raise Refusal(_("“%s” is archived and takes no posts.") % to.title)
    said = {"word": word} if (word := typed.line(word, most=LINE_LENGTH)) else {}
    if post.board.product_id == to.product_id:
        put_post(post=post, board=to, actor=actor, now=now, **said)
        return None
    before = leave_asks([post.pk], now=now)
    before["post"] = [post.pk, post.board_id]
    put_post(post=post, board=to, actor=actor, now=now, **said)
    return _rehoused(before, to=to.product, subject=post, actor=actor, now=now)


def take_back(decision: Decision, *, actor: User, now: dt.datetime) -> Decision:
    """Put a board or a post back where it was, and its posts into the asks they left. Raises `Refusal`.

    What only the machine did with them since gives way; a post that a person has put on another board since stays
    there. Call under `hold_grouping`.
    """
    posts = set(decision.posts.values_list("pk", flat=True))
    if "board" in decision.before:
        board_pk, product_pk, parent_pk = decision.before["board"]
        board = Board.objects.get(pk=board_pk)
        since = Membership.objects.filter(post__board=board).exclude(post__in=posts)
        if since.filter(is_confirmed=True).exists():
            raise Refusal(
                _(
                    "People have put newer posts of “%s” into asks since. Move the board back instead."
                )
                % board.title
            )
        posts &= set(Post.objects.filter(board=board).values_list("pk", flat=True))
        leave_asks(since.values_list("post", flat=True), now=now)
        put_board(board, Product.objects.get(pk=product_pk))
        nest_again(board, parent_pk=parent_pk, inside=decision.before.get("inside", []))
    else:
        post_pk, board_pk = decision.before["post"]
        post = Post.objects.select_related("board").get(pk=post_pk)
        put_post(post=post, board=Board.objects.get(pk=board_pk), actor=actor, now=now)
    touched = _asks_of(posts)
    restore(decision.before, leave=set(map(int, decision.before["memberships"])) - posts)
    _look_again(posts)
    recount(touched | _asks_of(posts))
    record_undone(decision, actor=actor, now=now)
    refuse_contradictions(decision)
    return decision


def leave_asks(posts: Collection[int] | Any, *, now: dt.datetime) -> dict[str, Any]:
    """Take these posts out of their asks; return what undoing restores. Call under `hold_grouping`."""
    ids = set(posts)
    before = snapshot(asks={}, post_ids=ids)
    touched = _asks_of(ids)
    for some in batches(ids):
        Membership.objects.filter(post__in=some).delete()
        moves = Proposal.objects.filter(post__in=some, state=Proposal.State.OPEN)
        before["proposals"] += list(moves.values_list("public_id", flat=True))
        moves.update(state=Proposal.State.STALE, decided_at=now)
    recount(touched)
    emptied = list(Ask.objects.filter(pk__in=touched, post_count=0))
    overtake_proposals(emptied, now=now, before=before)
    _look_again(ids)
    return before


def _look_again(posts: set[int]) -> None:
    """Have the posts placed anew: what was seen of them was seen among the asks of another product."""
    for some in batches(posts):
        PlacementAttempt.objects.filter(post__in=some).delete()


def _asks_of(posts: set[int]) -> set[int]:
    asks: set[int] = set()
    for some in batches(posts):
        asks.update(Membership.objects.filter(post__in=some).values_list("ask", flat=True))
    return asks


def _rehoused(
    before: dict[str, Any], *, to: Product, subject: Board | Post, actor: User, now: dt.datetime
) -> Decision:
    """Write the decision. What was said of these posts and those of their new product holds again."""
    decision = record(
        kind=Decision.Kind.REHOUSE,
        product=to,
        actor=actor,
        now=now,
        before=before,
        data={
            "what": "board" if isinstance(subject, Board) else "post",
            "named": subject.title,
            "posts": len(before["memberships"]),
        },
    )
    refuse_contradictions(decision)
    return decision

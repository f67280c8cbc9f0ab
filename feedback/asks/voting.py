"""Wanting an ask, and no longer wanting it: votes on its posts."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.asks.counts import recount
from feedback.asks.models import Ask
from feedback.asks.people import people_behind
from feedback.forum.models import Post
from feedback.forum.votes.operations import unvote, vote
from feedback.kernel.refusals import Refusal


@transaction.atomic
def vote_ask(*, ask: Ask, person: User, now: dt.datetime) -> bool:
    """Have ``person`` want ``ask`` by a vote on the post that stands for it; return whether they did not before.

    Who wrote a post of it or wants one wants the ask. Its people are counted anew in the same transaction. Raises
    `Refusal` when no post of it takes votes.
    """
    if people_behind([ask.pk]).filter(pk=person.pk).exists():
        return False
    post = post_standing_for(ask)
    if post is None:
        raise Refusal(_("Voting is closed on this ask."))
    is_new = vote(post=post, person=person, now=now)
    recount([ask.pk])
    return is_new


@transaction.atomic
def unvote_ask(*, ask: Ask, person: User, now: dt.datetime) -> bool:
    """Take the votes of ``person`` on the posts of ``ask`` back, all or none; return whether there were any.

    An author's vote for their own post stays: the post itself says that they want it. Raises `Refusal` for
    whoever wants the ask only by posts of their own, and when their votes stand on posts that take none any more.
    """
    taken = False
    for post in _open_posts(ask).filter(votes__person=person).exclude(author=person):
        taken |= unvote(post=post, person=person, now=now)
    if not taken and people_behind([ask.pk]).filter(pk=person.pk).exists():
        published = Post.objects.filter(membership__ask=ask, state=Post.State.PUBLISHED)
        if published.filter(author=person).exists():
            raise Refusal(
                _("You asked for this in a post of your own. Withdraw the post to take it back.")
            )
        raise Refusal(_("Voting is closed on this ask."))
    if taken:
        recount([ask.pk])
    return taken


def post_standing_for(ask: Ask) -> Post | None:
    """Return the post in which ``ask`` is wanted and talked of: the one amidst its posts, or the most wanted; None where all are closed."""
    posts = _open_posts(ask)
    return posts.filter(pk=ask.medoid_id).first() or posts.order_by("-vote_count", "id").first()


def _open_posts(ask: Ask) -> QuerySet[Post]:
    """Return the posts of ``ask`` that take votes."""
    return Post.objects.filter(
        membership__ask=ask, state=Post.State.PUBLISHED, board__is_archived=False
    ).select_related("board")

"""Asks whose posts went inside with a board that was closed, or came back with one that was opened."""

from collections.abc import Collection

from feedback.asks.counts import recount
from feedback.asks.models import Ask, Membership
from feedback.forum.models import Post
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel.batches import batches

VERBS = frozenset({Verb.BOARD_READERS_CHANGED, Verb.POST_CHANGED_BOARD})


def follow(entry: Entry) -> None:
    """Count the asks anew whose posts ``entry`` moved in or out.

    Of those that have posts inside now, what the machine wrote in the words of their posts goes, until the next run writes it anew.
    """
    is_board = entry.verb == Verb.BOARD_READERS_CHANGED
    moved = Membership.objects.filter(
        **{"post__board" if is_board else "post": entry.subject_id}
    ).order_by()
    inside = moved.filter(post__state=Post.State.INSIDE)
    _forget_words(set(inside.values_list("ask", flat=True)))
    recount(set(moved.values_list("ask", flat=True)))


def _forget_words(ask_ids: Collection[int]) -> None:
    for some in batches(ask_ids):
        Ask.objects.filter(pk__in=some).update(
            titles={}, keywords=[], summary="", summary_from=[], facets=[]
        )

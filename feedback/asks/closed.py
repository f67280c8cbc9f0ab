"""Asks whose posts went inside with a board that was closed, or came back with one that was opened."""

from collections.abc import Iterator

from feedback.asks.counts import recount
from feedback.asks.models import Ask, Membership
from feedback.forum.models import Post
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel.batches import batches

#: Asks that one transaction counts.
AT_ONCE = 200

VERBS = frozenset({Verb.BOARD_READERS_CHANGED, Verb.POST_CHANGED_BOARD})


def follow(entry: Entry) -> Iterator[None]:
    """Count the asks anew whose posts ``entry`` moved in or out; yield after each stretch of them, which is a transaction of its own.

    Of those that have posts inside now, what the machine wrote in the words of their posts goes, until the next run writes it anew.
    """
    is_board = entry.verb == Verb.BOARD_READERS_CHANGED
    moved = Membership.objects.filter(
        **{"post__board" if is_board else "post": entry.subject_id}
    ).order_by()
    for some in batches(moved.values_list("ask", flat=True), AT_ONCE):
        inside = moved.filter(ask__in=some, post__state=Post.State.INSIDE)
        Ask.objects.filter(pk__in=set(inside.values_list("ask", flat=True))).update(
            titles={}, keywords=[], summary="", summary_from=[], facets=[]
        )
        recount(some)
        yield

"""Whose votes on a post are those of a crowd: what the order "Most wanted" counts fewer (docs/adr/0104)."""

import datetime as dt
from functools import cache

from django.db import connection

from feedback.engine.stats.camps import reach
from feedback.forum.models import Post, Product
from feedback.forum.votes.operations import write_crowds
from feedback.journal.cursor import JournalCursor
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import clock
from feedback.measure.priority.voters import FEWEST, came_to_posts, known, ties_of

#: Posts of a product that are looked at: the most voted for.
MOST = 500
#: They are looked at again after so long, whatever the journal says: an import brings votes too.
_LOOK_EVERY = dt.timedelta(hours=1)
#: What moves votes, and how soon after it crowds are counted, with room for a busy worker.
_MOVED_BY, _SOON = (Verb.VOTED, Verb.UNVOTED), dt.timedelta(minutes=15)


@cache
def _cursor() -> JournalCursor:
    """Return how far this process has read of what moves votes."""
    return JournalCursor(_MOVED_BY, look_every=_LOOK_EVERY)


def forget() -> None:
    """Have everything looked at next time, as after a start."""
    _cursor().forget()


def count_crowds() -> None:
    """Write what the crowds among voters are; nothing where nobody has voted since the last time."""
    cursor, now = _cursor(), clock.now()
    database = str(connection.settings_dict["NAME"])
    if cursor.is_quiet(database, now=now):
        return
    end = cursor.end(now=now)
    write_crowds(_wrong())
    cursor.move_to(end, database, now=now)


def reconcile(*, fix: bool) -> dict[int, int]:
    """Return the posts of which another number is written than their votes say, each with the right one; write it with ``fix``.

    Those that somebody voted for a moment ago are counted soon, and have not drifted.
    """
    wrong = _wrong()
    if fix:
        write_crowds(wrong)
    lately = Entry.objects.filter(verb__in=_MOVED_BY, at__gt=clock.now() - _SOON)
    voted = set(lately.values_list("subject_id", flat=True)) if wrong else set()
    return {pk: number for pk, number in wrong.items() if pk not in voted}


def _wrong() -> dict[int, int]:
    right: dict[int, int] = {}
    for product in Product.objects.all():
        right |= _crowded(product)
    written = dict(Post.objects.exclude(crowded=0).values_list("pk", "crowded"))
    return {
        pk: right.get(pk, 0) for pk in {*right, *written} if right.get(pk, 0) != written.get(pk, 0)
    }


def _crowded(product: Product) -> dict[int, int]:
    """Return by how many fewer the people of each of the most voted for posts count, without those where that is none."""
    posts = Post.objects.filter(
        board__product=product, state=Post.State.PUBLISHED, vote_count__gte=FEWEST
    )
    most = posts.order_by("-vote_count", "pk").values_list("pk", flat=True)[:MOST]
    moments = came_to_posts(list(most))
    people = known(person for those in moments.values() for person in those)
    fewer = {
        pk: len(ties) - int(reach(list(ties.values())).spread)
        for pk, ties in ties_of(moments, people).items()
    }
    return {pk: number for pk, number in fewer.items() if number}

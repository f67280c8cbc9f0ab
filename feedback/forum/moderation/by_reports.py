"""What several members report about somebody new waits for the team, unseen, before the team has looked."""

import datetime as dt

from django.db.models import QuerySet

from feedback.accounts.models import User
from feedback.accounts.trust import Trust, trust_of, trust_of_each
from feedback.forum.comments.operations import set_hidden
from feedback.forum.models import Case, Comment, Flag, Post, Ruling
from feedback.forum.moderation.cases import WAS_PUBLIC, hold_in
from feedback.forum.moderation.holding.judging import many_come, wishes
from feedback.forum.moderation.models import Action, Reason
from feedback.forum.posts.operations import take_out_of_sight

BY_REPORTS = "REPORTS"
#: What is off topic or something else harms nobody until the team has looked.
_HARMFUL = (Reason.SPAM, Reason.ABUSE, Reason.PERSONAL, Reason.ILLEGAL)


def hold_if_many(thing: Post | Comment, case: Case, *, now: dt.datetime) -> bool:
    """Have what enough members reported in ``case`` wait, where its author is new here; return whether it does since.

    Nobody can be silenced by a few who dislike them: who is known here is never held by reports, who is new reports without
    this effect, and what the team has kept stays. While many send adverts, one report is enough, and nothing good that is
    known of its author as little as being new. Call in a transaction that holds the case's row. Lock contract: the
    row of the post or the comment.
    """
    enough = wishes().reports
    if not enough or case.is_held:
        return False
    enough, unknown = (1, Trust.MEMBER) if many_come(now=now) else (enough, Trust.NEW)
    if trust_of(thing.author, now=now) > unknown:
        return False
    flags = Flag.objects.filter(case=case, person__isnull=False, reason__in=_HARMFUL)
    if _known(flags, now=now) < enough or _was_kept(case) or not _out_of_sight(thing, now=now):
        return False
    hold_in(case, thing, held_for=[BY_REPORTS, WAS_PUBLIC], now=now)
    return True


def _known(flags: QuerySet[Flag], *, now: dt.datetime) -> int:
    """Return how many of those who reported are known here."""
    people = list(User.objects.filter(flags__in=flags))
    return sum(one != Trust.NEW for one in trust_of_each(people, now=now).values())


def _was_kept(case: Case) -> bool:
    """Whether the team looked at the same thing before and let it stand."""
    kept = Ruling.objects.filter(case__thing=case.thing, action=Action.KEEP, undone_at=None)
    return kept.exists()


def _out_of_sight(thing: Post | Comment, *, now: dt.datetime) -> bool:
    """Take ``thing`` out of everybody's sight; return whether it was in it."""
    if isinstance(thing, Comment):
        return set_hidden(thing, True, None, now)
    return take_out_of_sight(post=thing, becomes=Post.State.HELD, actor=None, now=now)

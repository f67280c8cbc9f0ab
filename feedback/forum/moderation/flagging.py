"""Reporting a post, a comment or a person to the team."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.limits import Allowance
from feedback.accounts.models import User
from feedback.accounts.restrictions import refuse_agent
from feedback.accounts.trust import Trust
from feedback.forum.moderation.by_reports import hold_if_many
from feedback.forum.moderation.cases import key_of, open_case
from feedback.forum.moderation.models import LINE_LENGTH, Flag, Reason
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal

if TYPE_CHECKING:
    from feedback.forum.models import Comment, Post

_BURST, _DAY = dt.timedelta(minutes=10), dt.timedelta(days=1)
FLAGS = Allowance(
    "flag",
    {Trust.NEW: ((5, _BURST), (20, _DAY)), Trust.MEMBER: ((20, _BURST), (100, _DAY))},
)


def flag(
    *,
    thing: "Post | Comment | User",
    reason: str,
    line: str = "",
    person: User | None,
    visitor: str = "",
    now: dt.datetime,
) -> bool:
    """Report ``thing`` to the team; return whether this person had not. ``visitor`` is a digest, of one who is not signed in.

    Everybody reports a thing once, however many times at once: the unique row decides. Raises `Refusal` for an unknown
    reason, for one's own words and of an agent. What enough members report about somebody new waits then (`by_reports`). Lock contract: the
    case's row, so that the report is in no case that is being closed, and then the row of what is reported.
    """
    if person is not None:
        refuse_agent(person)
    if reason not in Reason.values:
        raise Refusal(_("Say what is wrong with it."), status=422)
    own = thing.pk if isinstance(thing, User) else thing.author_id
    if person is not None and own == person.pk:
        raise Refusal(_("This is your own. You can change it or take it back yourself."))
    line = typed.line(line, most=LINE_LENGTH)
    who = {"person": person} if person is not None else {"visitor": visitor}
    with transaction.atomic():
        if Flag.objects.filter(thing=key_of(thing), **who).exists():
            return False
        case = open_case(thing, now=now)
        made, is_new = Flag.objects.get_or_create(
            thing=key_of(thing),
            **who,
            defaults={"case": case, "reason": reason, "line": line, "flagged_at": now},
        )
        if is_new:
            journal.write(
                verb=Verb.FLAGGED,
                subject=thing,
                actor_id=person.pk if person is not None else None,
                now=now,
                data={"case": case.public_id, "thing": made.thing, "reason": reason},
            )
            if not isinstance(thing, User):
                hold_if_many(thing, case, now=now)
    return is_new

"""Names and what people say of themselves: judged as posts are, and never again what the team took away."""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.forum.moderation.holding.judging import judge_line
from feedback.forum.moderation.taking_away import is_taken_name
from feedback.kernel.refusals import Refusal


def judge_profile(person: User | None, said: Mapping[str, str], now: dt.datetime) -> dict[str, str]:
    """Fill `accounts.profile_words`: return ``said`` as it may stand on the page of ``person``; raises `Refusal`."""
    if person is not None and is_taken_name(said.get("display_name", ""), person):
        raise Refusal(_("The team took this name away. Choose another."), status=422)
    return judge_line(person=person, board=None, said=said, now=now)

"""What "hot" means: how much a post is wanted, against how old it is.

A post's hotness is its birth in seconds plus three days for every doubling of ``1 + votes + 2 * comments``.
Because age enters as the birth and never changes, the number stays right as time goes by: it is written when
a vote or a comment comes, kept in an index, and read without computing anything. (The additive logarithmic
score is the one Reddit published in 2008.)
"""

import datetime as dt
import math
from typing import Any

from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Ln

#: A post with twice the votes stays as warm as a post that is this much younger.
DOUBLING = dt.timedelta(days=3)
COMMENT_WEIGHT = 2

_SECONDS_PER_E = DOUBLING.total_seconds() / math.log(2)


def hotness(*, posted_at: dt.datetime, votes: int, comments: int) -> float:
    """Return the hotness of a post in seconds since 1970."""
    wanted = 1 + votes + COMMENT_WEIGHT * comments
    return posted_at.timestamp() + _SECONDS_PER_E * math.log(wanted)


def hotness_after(
    *, posted_at: dt.datetime, more_votes: int = 0, more_comments: int = 0
) -> Combinable:
    """Return the same as an expression, to be written in the update that changes the counters."""
    wanted: Any = F("vote_count") + COMMENT_WEIGHT * F("comment_count")
    wanted += Value(1 + more_votes + COMMENT_WEIGHT * more_comments)
    return Value(posted_at.timestamp()) + Value(_SECONDS_PER_E) * Ln(wanted * Value(1.0))

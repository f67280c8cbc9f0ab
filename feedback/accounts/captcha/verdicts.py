"""What comes of a captcha, and that what was solved counts once."""

import datetime as dt
import hashlib
from enum import StrEnum

from feedback.accounts import operations

_STRETCH = dt.timedelta(hours=1)


class Verdict(StrEnum):
    """What came of a captcha. ``AWAY``: the service that was to say did not."""

    PASSED = "PASSED"
    MISSING = "MISSING"
    WRONG = "WRONG"
    USED = "USED"
    OVER = "OVER"
    AWAY = "AWAY"


def is_first_use(solved: str, *, until: dt.datetime) -> bool:
    """Whether ``solved`` was not handed in before, of all processes in one; it is good ``until`` then at most.

    Counted by one statement, in the stretch of its end, so that it is the same stretch whenever it is handed in.
    """
    digest = hashlib.sha256(solved.encode()).hexdigest()[:48]
    return operations.count_hit(key=f"captcha:{digest}", per=_STRETCH, now=until) == 1

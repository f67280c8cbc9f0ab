"""How often a member may post, edit, comment, vote and upload, by how far they are trusted.

The burst is what a person can mean; the day is what others can read. A new member has room for a first day that is
enough for anybody, and too little for a flood.
"""

import datetime as dt

from feedback.accounts.limits import Allowance, spend
from feedback.accounts.trust import Trust

__all__ = ["COMMENTS", "EDITS", "POSTS", "UPLOADED_KILOBYTES", "UPLOADS", "VOTES", "spend"]

_BURST = dt.timedelta(minutes=10)
_DAY = dt.timedelta(days=1)

POSTS = Allowance(
    "post",
    {Trust.NEW: ((3, _BURST), (10, _DAY)), Trust.MEMBER: ((10, _BURST), (50, _DAY))},
)
EDITS = Allowance(
    "edit",
    {Trust.NEW: ((10, _BURST), (40, _DAY)), Trust.MEMBER: ((30, _BURST), (200, _DAY))},
)
COMMENTS = Allowance(
    "comment",
    {Trust.NEW: ((6, _BURST), (30, _DAY)), Trust.MEMBER: ((30, _BURST), (200, _DAY))},
)
VOTES = Allowance(
    "vote",
    {Trust.NEW: ((30, _BURST), (150, _DAY)), Trust.MEMBER: ((120, _BURST), (1000, _DAY))},
)
UPLOADS = Allowance(
    "upload",
    {Trust.NEW: ((10, _BURST), (20, _DAY)), Trust.MEMBER: ((30, _BURST), (150, _DAY))},
)
UPLOADED_KILOBYTES = Allowance(
    "upload-kb",
    {Trust.NEW: ((60_000, _DAY),), Trust.MEMBER: ((400_000, _DAY),)},
)

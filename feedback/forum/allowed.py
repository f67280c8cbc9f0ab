"""How often a member may post, edit, comment, vote and upload, by how far they are trusted, and a guest post at all.

The burst is what a person can mean; the day is what others can read. A new member has room for a first day that is
enough for anybody, and too little for a flood.
"""

import datetime as dt

from django.http import HttpRequest

from feedback.accounts.limits import Allowance, Rate, refuse_over, spend
from feedback.accounts.models import User
from feedback.accounts.trust import Trust

__all__ = [
    "COMMENTS",
    "EDITS",
    "NAMES",
    "POSTS",
    "UPLOADED_KILOBYTES",
    "UPLOADS",
    "VOTES",
    "post",
    "post_as_guest",
    "search",
    "spend",
]

_BURST = dt.timedelta(minutes=10)
_DAY = dt.timedelta(days=1)

POSTS = Allowance(
    "post",
    {
        Trust.NEW: ((3, _BURST), (10, _DAY)),
        Trust.MEMBER: ((10, _BURST), (50, _DAY)),
        Trust.KNOWN: ((15, _BURST), (80, _DAY)),
        Trust.TRUSTED: ((20, _BURST), (120, _DAY)),
    },
)
#: What all agents of one person post together in a day.
AGENTS_POSTS = 20
_POSTS_OF_AGENTS = Allowance("agent-post", {Trust.NEW: ((AGENTS_POSTS, _DAY),)})
#: Of all in one network together: what one new member has.
_POSTS_OF_GUESTS = (Rate("guest-post", 3, _BURST), Rate("guest-post-day", 10, _DAY))
EDITS = Allowance(
    "edit",
    {Trust.NEW: ((10, _BURST), (40, _DAY)), Trust.MEMBER: ((30, _BURST), (200, _DAY))},
)
COMMENTS = Allowance(
    "comment",
    {
        Trust.NEW: ((6, _BURST), (30, _DAY)),
        Trust.MEMBER: ((30, _BURST), (200, _DAY)),
        Trust.KNOWN: ((40, _BURST), (300, _DAY)),
        Trust.TRUSTED: ((60, _BURST), (500, _DAY)),
    },
)
VOTES = Allowance(
    "vote",
    {Trust.NEW: ((30, _BURST), (150, _DAY)), Trust.MEMBER: ((120, _BURST), (1000, _DAY))},
)
UPLOADS = Allowance(
    "upload",
    {
        Trust.NEW: ((10, _BURST), (20, _DAY)),
        Trust.MEMBER: ((30, _BURST), (150, _DAY)),
        Trust.KNOWN: ((40, _BURST), (250, _DAY)),
        Trust.TRUSTED: ((60, _BURST), (400, _DAY)),
    },
)
UPLOADED_KILOBYTES = Allowance(
    "upload-kb",
    {
        Trust.NEW: ((60_000, _DAY),),
        Trust.MEMBER: ((400_000, _DAY),),
        Trust.KNOWN: ((600_000, _DAY),),
        Trust.TRUSTED: ((1_000_000, _DAY),),
    },
)
#: A program that reads the whole site by searching is a program; behind one address there may be a school.
_SEARCHES_OF_VISITORS = Rate("search", 600, dt.timedelta(minutes=1))
SEARCHES = Allowance(
    "search",
    {
        Trust.NEW: ((60, dt.timedelta(minutes=1)),),
        Trust.MEMBER: ((120, dt.timedelta(minutes=1)),),
    },
)


#: Looks for somebody to name, one for each letter or two that is typed.
NAMES = Allowance(
    "name",
    {Trust.NEW: ((60, _BURST), (300, _DAY)), Trust.MEMBER: ((300, _BURST), (2000, _DAY))},
)


def post(person: User, *, now: dt.datetime) -> None:
    """Count one more post of ``person``; those of agents on the one whom they act for. Raises `Refusal` where it is too much."""
    human = person.acts_for
    if human is not None:
        spend(_POSTS_OF_AGENTS, human, now=now, trust=Trust.NEW)
    else:
        spend(POSTS, person, now=now)


def post_as_guest(request: HttpRequest, *, now: dt.datetime) -> None:
    """Count one more post without an account from where ``request`` comes; raises `Refusal` where it is one too many."""
    for rate in _POSTS_OF_GUESTS:
        refuse_over(rate, request, now=now)


def search(request: HttpRequest, *, now: dt.datetime) -> None:
    """Count one more search of whoever asks; raises `Refusal` where it is one too many."""
    if isinstance(request.user, User):
        spend(SEARCHES, request.user, now=now)
    else:
        refuse_over(_SEARCHES_OF_VISITORS, request, now=now)

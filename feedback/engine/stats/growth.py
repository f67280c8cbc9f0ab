"""How much more there was in some days than in those before."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Growth:
    """The numbers of one ask in one window of days.

    ``posts`` and ``people`` in it, ``expected`` posts had it moved with the board, ``past`` posts before;
    ``raw`` is how many times its own usual number there were, ``ratio`` the same against the board, ``low`` the
    corrected lower bound of that, by posts or by people, whichever is lower.
    """

    posts: int
    people: int
    past: int
    expected: float
    raw: float
    ratio: float
    low: float

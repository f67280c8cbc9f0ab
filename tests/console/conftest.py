"""The desk stands on the board of tests/insight."""

from tests.insight.conftest import ask_of, embed, grouped, posts, regroup
from tests.trial import both, decided, site, trying

__all__ = [
    "ask_of",
    "both",
    "decided",
    "embed",
    "grouped",
    "posts",
    "regroup",
    "site",
    "trying",
]

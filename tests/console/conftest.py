"""The desk stands on the board of tests/insight."""

from tests.insight.areas import areas, arrange, parted
from tests.insight.conftest import ask_of, embed, grouped, posts, regroup
from tests.trial import both, decided, site, trying

__all__ = [
    "areas",
    "arrange",
    "ask_of",
    "both",
    "decided",
    "embed",
    "grouped",
    "parted",
    "posts",
    "regroup",
    "site",
    "trying",
]

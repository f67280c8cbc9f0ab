"""The desk stands on the board of tests/insight."""

from tests.insight.conftest import ask_of, embed, grouped, posts, regroup

__all__ = ["ask_of", "embed", "grouped", "posts", "regroup"]

"""Asks, the posts in them, what people decided about them, and the areas they belong to."""

from feedback.asks.models.areas import Area
from feedback.asks.models.asks import Answer, Ask, Membership, PlacementAttempt
from feedback.asks.models.decisions import Bond, Decision, Proposal
from feedback.asks.models.states import GONE, OPEN

__all__ = [
    "GONE",
    "OPEN",
    "Answer",
    "Area",
    "Ask",
    "Bond",
    "Decision",
    "Membership",
    "PlacementAttempt",
    "Proposal",
]

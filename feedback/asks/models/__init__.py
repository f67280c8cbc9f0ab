"""Asks, the posts in them, what people decided about them, and the areas they belong to."""

from feedback.asks.models.answers import Answer, AnswerTemplate, GroupQuestion, GroupReply
from feedback.asks.models.areas import Area
from feedback.asks.models.asks import Ask, Membership, PlacementAttempt
from feedback.asks.models.decisions import Bond, Decision, Proposal
from feedback.asks.models.evals import EvalResult
from feedback.asks.models.states import GONE, OPEN
from feedback.asks.models.team import Note, SavedView

__all__ = [
    "GONE",
    "OPEN",
    "Answer",
    "AnswerTemplate",
    "Area",
    "Ask",
    "Bond",
    "Decision",
    "EvalResult",
    "GroupQuestion",
    "GroupReply",
    "Membership",
    "Note",
    "PlacementAttempt",
    "Proposal",
    "SavedView",
]

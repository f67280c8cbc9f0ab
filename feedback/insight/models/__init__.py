"""Vectors, asks, memberships, decisions, proposals, areas, questions, runs and what measures them."""

from feedback.insight.models.areas import Area
from feedback.insight.models.asks import Answer, Ask, Membership, Placement, Run
from feedback.insight.models.decisions import Bond, Decision, Proposal
from feedback.insight.models.questions import (
    Alert,
    Calibration,
    Judgement,
    QualityReading,
    Question,
)
from feedback.insight.models.vectors import Comparison, EncoderModel, Vector

__all__ = [
    "Alert",
    "Answer",
    "Area",
    "Ask",
    "Bond",
    "Calibration",
    "Comparison",
    "Decision",
    "EncoderModel",
    "Judgement",
    "Membership",
    "Placement",
    "Proposal",
    "QualityReading",
    "Question",
    "Run",
    "Vector",
]

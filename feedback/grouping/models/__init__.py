"""Vectors, the models that made them, the runs that group by them, and what Heed asks to learn."""

from feedback.grouping.models.pictures import Picture
from feedback.grouping.models.questions import Question
from feedback.grouping.models.runs import Finding, Run
from feedback.grouping.models.vectors import Comparison, EncoderModel, Vector
from feedback.grouping.models.verdicts import LearnedVerdicts

__all__ = [
    "Comparison",
    "EncoderModel",
    "Finding",
    "LearnedVerdicts",
    "Picture",
    "Question",
    "Run",
    "Vector",
]

"""The desk's pages, by what people do there."""

from feedback.console.views.answering import adopt, answer, decline, reopen
from feedback.console.views.areas import (
    area,
    area_dissolve,
    area_join,
    area_rename,
    areas,
    areas_confirm,
    areas_put,
    areas_without,
    ask_area,
)
from feedback.console.views.asks import ask, ask_list, confirm, dismiss, lock, rename
from feedback.console.views.decisions import decisions, undo
from feedback.console.views.inbox import inbox, progress, proposal, regroup
from feedback.console.views.model import (
    model,
    model_look,
    model_remove,
    model_stay,
    model_switch,
)
from feedback.console.views.quality import judge, judge_answer, judge_follow, quality
from feedback.console.views.questions import (
    question_answer,
    question_undo,
    questions,
    questions_progress,
)
from feedback.console.views.shaping import join, move, posts_chosen, split
from feedback.console.views.too_little import post_group, too_little
from feedback.console.views.trends import alert_seen, trends

__all__ = [
    "adopt",
    "alert_seen",
    "answer",
    "area",
    "area_dissolve",
    "area_join",
    "area_rename",
    "areas",
    "areas_confirm",
    "areas_put",
    "areas_without",
    "ask",
    "ask_area",
    "ask_list",
    "confirm",
    "decisions",
    "decline",
    "dismiss",
    "inbox",
    "join",
    "judge",
    "judge_answer",
    "judge_follow",
    "lock",
    "model",
    "model_look",
    "model_remove",
    "model_stay",
    "model_switch",
    "move",
    "post_group",
    "posts_chosen",
    "progress",
    "proposal",
    "quality",
    "question_answer",
    "question_undo",
    "questions",
    "questions_progress",
    "regroup",
    "rename",
    "reopen",
    "split",
    "too_little",
    "trends",
    "undo",
]

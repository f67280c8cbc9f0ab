"""The desk's pages, by what people do there."""

from feedback.desk.answering.views import adopt, answer, decline, reopen
from feedback.desk.areas.views import (
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
from feedback.desk.asks.shaping import join, move, posts_chosen, split
from feedback.desk.asks.views import ask, ask_list, confirm, dismiss, lock, rename
from feedback.desk.decisions.views import decisions, undo
from feedback.desk.encoder.views import model, model_look, model_remove, model_stay, model_switch
from feedback.desk.inbox.views import inbox, progress, proposal, regroup
from feedback.desk.quality.views import judge, judge_answer, judge_follow, quality
from feedback.desk.questions.views import (
    question_answer,
    question_undo,
    questions,
    questions_progress,
)
from feedback.desk.too_little.views import post_group, too_little
from feedback.desk.trends.views import alert_seen, trends

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

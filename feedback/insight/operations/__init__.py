"""Writing about asks: one verb a module."""

from feedback.insight.operations.answering import answer_ask, decline_ask
from feedback.insight.operations.areas import (
    close_area,
    confirm_areas,
    join_areas,
    make_area,
    name_area,
    put_asks,
)
from feedback.insight.operations.choosing import (
    look_again,
    regroup_after_switch,
    remove_vectors,
    stay,
    switch_model,
)
from feedback.insight.operations.comparing import compare_due
from feedback.insight.operations.confirming import (
    confirm_ask,
    dismiss_ask,
    lock_ask,
    rename_ask,
    unlock_ask,
)
from feedback.insight.operations.contesting import contest
from feedback.insight.operations.counting import recount
from feedback.insight.operations.embedding import clear_removed, embed_beside, embed_pending
from feedback.insight.operations.placing import place_pending
from feedback.insight.operations.proposals import accept, dismiss, set_aside
from feedback.insight.operations.regrouping import regroup_due, request_run
from feedback.insight.operations.relating import keep_apart, say_apart, say_together
from feedback.insight.operations.shaping import (
    join_asks,
    move_post,
    move_posts,
    split_ask,
    start_ask,
)
from feedback.insight.operations.staging import set_stage
from feedback.insight.operations.undoing import undo

__all__ = [
    "accept",
    "answer_ask",
    "clear_removed",
    "close_area",
    "compare_due",
    "confirm_areas",
    "confirm_ask",
    "contest",
    "decline_ask",
    "dismiss",
    "dismiss_ask",
    "embed_beside",
    "embed_pending",
    "join_areas",
    "join_asks",
    "keep_apart",
    "lock_ask",
    "look_again",
    "make_area",
    "move_post",
    "move_posts",
    "name_area",
    "place_pending",
    "put_asks",
    "recount",
    "regroup_after_switch",
    "regroup_due",
    "remove_vectors",
    "rename_ask",
    "request_run",
    "say_apart",
    "say_together",
    "set_aside",
    "set_stage",
    "split_ask",
    "start_ask",
    "stay",
    "switch_model",
    "undo",
    "unlock_ask",
]

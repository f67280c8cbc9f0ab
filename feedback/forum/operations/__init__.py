"""What people do in the forum. One verb, one transaction, one journal entry."""

from feedback.forum.operations.boards import make_board, make_default_boards
from feedback.forum.operations.comments import comment, hide_comment, show_comment
from feedback.forum.operations.counts import reconcile_counts
from feedback.forum.operations.posts import (
    NothingWritten,
    PostingClosed,
    edit_post,
    hide_post,
    publish_post,
    show_post,
    withdraw_post,
)
from feedback.forum.operations.votes import VotingClosed, unvote, vote

__all__ = [
    "NothingWritten",
    "PostingClosed",
    "VotingClosed",
    "comment",
    "edit_post",
    "hide_comment",
    "hide_post",
    "make_board",
    "make_default_boards",
    "publish_post",
    "reconcile_counts",
    "show_comment",
    "show_post",
    "unvote",
    "vote",
    "withdraw_post",
]

"""Making boards."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from feedback.forum.models import Board
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb

_DEFAULTS: tuple[dict[str, object], ...] = (
    {
        "slug": "suggestions",
        "name": "Suggestions",
        "name_zh": "建议",
        "description": "What should the product do that it does not do yet?",
        "description_zh": "希望产品多点什么、改点什么？",
        "position": 10,
    },
    {
        "slug": "bugs",
        "name": "Bugs",
        "name_zh": "问题反馈",
        "description": "What is broken? The version and the steps help most.",
        "description_zh": "哪里不对劲？写上版本和操作步骤，最有帮助。",
        "position": 20,
    },
    {
        "slug": "questions",
        "name": "Questions",
        "name_zh": "提问",
        "description": "How does one do this? Others may know.",
        "description_zh": "不知道怎么用？来问问大家。",
        "position": 30,
    },
    {
        "slug": "announcements",
        "name": "Announcements",
        "name_zh": "公告",
        "description": "News from the team.",
        "description_zh": "来自团队的消息。",
        "position": 40,
        "team_posts_only": True,
        "is_grouped": False,
    },
)


@transaction.atomic
def make_default_boards(now: dt.datetime) -> list[Board]:
    """Make the boards of a new site and return all four; a board that exists stays as it is."""
    return [_make(fields, now=now) for fields in _DEFAULTS]


@transaction.atomic
def make_board(
    *,
    slug: str,
    name: str,
    now: dt.datetime,
    name_zh: str = "",
    description: str = "",
    description_zh: str = "",
    position: int = 100,
) -> Board:
    """Make a board, or return the one that has the slug already as it is."""
    fields = {
        "slug": slug,
        "name": name,
        "name_zh": name_zh,
        "description": description,
        "description_zh": description_zh,
        "position": position,
    }
    return _make(fields, now=now)


def _make(fields: Mapping[str, object], *, now: dt.datetime) -> Board:
    """Make the board unless its slug is taken, with its journal entry."""
    board, is_new = Board.objects.get_or_create(slug=fields["slug"], defaults=fields)
    if is_new:
        journal.write(
            verb=Verb.BOARD_MADE,
            subject=board,
            actor_id=None,
            now=now,
            data={"slug": board.slug},
        )
    return board

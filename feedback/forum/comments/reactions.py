"""Reacting to a comment, and taking it back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.restrictions import refuse_agent
from feedback.forum.models import Comment, Reaction
from feedback.forum.permissions import may_take_part
from feedback.kernel.refusals import Refusal

#: The sign of each kind; its name is read to who does not see it.
SIGNS: dict[str, str] = {"LIKE": "👍", "LOVE": "❤️", "LAUGH": "😄", "PARTY": "🎉", "SAD": "😢"}


def react(*, comment: Comment, person: User, kind: str, is_wanted: bool) -> None:
    """Have ``person`` react to ``comment`` with ``kind`` or no longer. Idempotent: the unique row decides between two at once.

    Raises `Refusal` for an unknown kind, a hidden comment and a closed post.
    """
    if kind not in Reaction.Kind.values:
        raise Refusal(_("There is no such reaction."), status=422)
    if comment.is_hidden or not may_take_part(comment.post):
        raise Refusal(_("This post is closed: its comments stay as they are."))
    row: dict[str, Any] = {"comment": comment, "person": person, "kind": kind}
    refuse_agent(person)
    with transaction.atomic():
        if is_wanted:
            Reaction.objects.get_or_create(**row)
        else:
            Reaction.objects.filter(**row).delete()

"""Hiding something from its own page and showing it again, in one click: a decision like any other."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_moderator
from feedback.forum.closed.reading import READ
from feedback.forum.comments.operations import show_comment
from feedback.forum.models import Case, Comment, Hiding, Post, Rule, Ruling
from feedback.forum.moderation.cases import key_of
from feedback.forum.moderation.deciding import Said, decide_about, refuse_to_judge, take_back
from feedback.forum.moderation.models import Action
from feedback.forum.posts.operations import show_post
from feedback.kernel.refusals import Refusal


@by_moderator
def hide_at_once(
    *,
    thing: Post | Comment,
    actor: User,
    now: dt.datetime,
    word: str = "",
    rule: Rule | None = None,
) -> bool:
    """Hide ``thing`` by ``rule``, else by the last one, which fits whatever fits no other; return whether it was shown.

    Raises and locks as `deciding.decide`; `Refusal` where its author appealed, for then somebody answers that first.
    """
    is_read = thing.state in READ if isinstance(thing, Post) else not thing.is_hidden
    if not is_read:
        return False
    rule = rule or Rule.objects.filter(is_retired=False).order_by("-position", "-pk").first()
    said = Said(action=Action.HIDE, rule=rule, word=word)
    decide_about(thing=thing, said=said, actor=actor, now=now)
    return True


@by_moderator
def show_at_once(*, thing: Post | Comment, actor: User, now: dt.datetime) -> bool:
    """Show a hidden ``thing`` again by taking back what hides it; return whether it was hidden.

    Raises `Refusal` for what waits for the team, what was removed, and what is hidden with its author. Locks as `deciding.undo`.
    """
    waits = Case.objects.filter(thing=key_of(thing), closed_at=None).exclude(held_for=[]).exists()
    if waits:
        raise Refusal(_("It waits for the team: decide about it on the desk."))
    same = {"post" if isinstance(thing, Post) else "comment": thing}
    hiding = Ruling.objects.filter(
        pk__in=Hiding.objects.filter(**same, ruling__undone_at=None).values("ruling")
    )
    with transaction.atomic():
        for one in hiding:
            refuse_to_judge(one.case, actor)
        if hiding.exclude(action=Action.HIDE).exists():
            raise Refusal(_("It was not only hidden: take the decision back on the desk."))
        shown = [take_back(one, actor=actor, now=now) for one in hiding.order_by("-pk")]
        if shown:
            return any(shown)
        # Hidden before there were cases.
        if isinstance(thing, Post):
            return show_post(post=thing, moderator=actor, now=now)
        return show_comment(comment=thing, moderator=actor, now=now)

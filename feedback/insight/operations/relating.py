"""Saying of two posts that they ask for the same, or do not."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from feedback.accounts.models import User
from feedback.forum.models import Post
from feedback.insight.constraints import standing
from feedback.insight.engine import Constraints
from feedback.insight.locking import hold_grouping
from feedback.insight.models import Ask, Bond, Decision, Membership
from feedback.insight.operations.recording import NotPossible, record

#: The steps of a contradiction as `Constraints.contradiction` writes them, and as people read them.
_STEPS = {
    " together with ": gettext_lazy("“%(one)s” together with “%(other)s”"),
    " apart from ": gettext_lazy("“%(one)s” apart from “%(other)s”"),
    " belongs to ": gettext_lazy("“%(one)s” belongs to “%(other)s”"),
    " is in the locked ": gettext_lazy("“%(one)s” is in the locked “%(other)s”"),
    " is not in ": gettext_lazy("“%(one)s” is not in “%(other)s”"),
}


def say_together(*, post: Post, other: Post, actor: User, now: dt.datetime) -> Decision:
    """Say that two posts ask for the same; the next run brings them into one group."""
    return _relate(Bond.Kind.TOGETHER, post=post, other=other, actor=actor, now=now)


def say_apart(*, post: Post, other: Post, actor: User, now: dt.datetime) -> Decision:
    """Say that two posts do not ask for the same; no run puts them into one group."""
    return _relate(Bond.Kind.APART, post=post, other=other, actor=actor, now=now)


@transaction.atomic
def _relate(kind: Bond.Kind, *, post: Post, other: Post, actor: User, now: dt.datetime) -> Decision:
    """Write the bond. Raises `NotPossible`, naming the chain of decisions, when it contradicts others."""
    hold_grouping()
    if post.pk == other.pk:
        raise NotPossible(_("That is the same post twice."))
    present = standing()
    pair = ((post.pk, other.pk),)
    wanted = Constraints(
        together=(*present.together, *pair) if kind == Bond.Kind.TOGETHER else present.together,
        apart=(*present.apart, *pair) if kind == Bond.Kind.APART else present.apart,
        pinned=present.pinned,
        excluded=present.excluded,
        locked=present.locked,
    )
    previous: dict[int | str, str] = dict(Membership.objects.values_list("post", "ask__public_id"))
    contradiction = wanted.contradiction(previous)
    if contradiction is not None:
        raise NotPossible(
            _("This contradicts what was decided before: %s. Undo one of these first.")
            % pgettext("between two decisions", "; ").join(
                _named(step) for step in contradiction.chain
            )
        )
    ask = Ask.objects.filter(memberships__post__in=[post, other]).order_by("id").first()
    if ask is None:
        raise NotPossible(_("At least one of the two posts has to belong to an ask."))
    decision = record(
        kind=Decision.Kind.TOGETHER if kind == Bond.Kind.TOGETHER else Decision.Kind.APART,
        ask=ask,
        actor=actor,
        now=now,
        before={"asks": {}, "memberships": {}},
        verb=f"insight.posts-{kind.lower()}",
        data={"post": post.public_id, "other": other.public_id},
    )
    Bond.objects.create(decision=decision, kind=kind, post=post, other_post=other)
    return decision


def _named(step: str) -> str:
    """Say one step of a chain such as "12 together with 40" with titles, in the reader's language."""
    for link, sentence in _STEPS.items():
        one, found, other = step.partition(link)
        if found:
            return sentence % {"one": _title(one), "other": _title(other)}
    return step


def _title(name: str) -> str:
    """Return the title of a post (a primary key) or of an ask (a public id), as a chain names them."""
    titles = (
        Post.objects.filter(pk=int(name)).values_list("title", flat=True)
        if name.isdecimal()
        else Ask.objects.filter(public_id=name).values_list("title", flat=True)
    )
    return titles.first() or name

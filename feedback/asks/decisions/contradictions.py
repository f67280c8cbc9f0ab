"""Decisions that cannot all hold are told to the person who makes the last of them, never guessed."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from feedback.asks import standing
from feedback.asks.models import Ask, Bond, Decision
from feedback.forum.models import Post
from feedback.kernel.refusals import Refusal

#: The steps of a contradiction as `Constraints.contradiction` writes them, and as people read them.
_STEPS = {
    " together with ": gettext_lazy("“%(one)s” together with “%(other)s”"),
    " apart from ": gettext_lazy("“%(one)s” apart from “%(other)s”"),
    " belongs to ": gettext_lazy("“%(one)s” belongs to “%(other)s”"),
    " is in the locked ": gettext_lazy("“%(one)s” is in the locked “%(other)s”"),
    " is not in ": gettext_lazy("“%(one)s” is not in “%(other)s”"),
}


def refuse_contradictions(decision: Decision) -> None:
    """Raise `Refusal`, naming the chain, when what stands now around ``decision`` contradicts itself.

    Called at the end of every decision and of every undo, inside its transaction: raising takes the change
    back, so no run ever meets decisions that it cannot hold. Only what hangs together with the decision is read:
    the rest held before it and is not touched by it.
    """
    posts = set(decision.posts.values_list("pk", flat=True))
    for pair in decision.bonds.values_list("post", "other_post"):
        posts.update(pk for pk in pair if pk is not None)
    for _said, one, other in decision.before.get("bonds", []):
        posts |= {one, other}
    asks = {pk for pk in (decision.ask_id, decision.other_ask_id) if pk is not None}
    contradiction = standing.connected(posts, asks).contradiction()
    if contradiction is not None:
        raise Refusal(
            _("This contradicts what was decided before: %s. Undo one of these first.")
            % pgettext("between two decisions", "; ").join(
                _named(step) for step in contradiction.chain
            )
        )


def refuse_what_was_said_otherwise(*, post_ids: Collection[int], ask: Ask) -> None:
    """Raise `Refusal` when a standing decision keeps one of these posts out of ``ask``."""
    bond = standing.objection(post_ids, ask)
    if bond is not None:
        raise Refusal(_said_otherwise(bond, bond.post))


def _said_otherwise(bond: Bond, post: Post) -> str:
    return _(
        "%(name)s said on %(date)s that “%(post)s” does not belong here. "
        "Undo that decision first, then try again."
    ) % {
        "name": bond.decision.actor.name,
        "date": bond.decision.made_at.date().isoformat(),
        "post": post.title,
    }


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

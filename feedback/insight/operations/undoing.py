"""Taking a decision back."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.insight.locking import hold_grouping
from feedback.insight.models import Ask, Decision, Membership, Proposal
from feedback.insight.operations.counting import recount
from feedback.insight.operations.recording import NotPossible, restore
from feedback.insight.stages import Stage
from feedback.journal import operations as journal


@transaction.atomic
def undo(*, decision: Decision, actor: User, now: dt.datetime) -> Decision:
    """Put asks, memberships and proposals back as they were before ``decision``, and end its bonds.

    Raises `NotPossible` when it was undone already, when a later decision stands on it, or when the ask has
    moved on the roadmap since. Undoing twice at once undoes once.
    """
    hold_grouping()
    decision = Decision.objects.select_related("ask", "other_ask").get(pk=decision.pk)
    if decision.undone_at is not None:
        raise NotPossible(_("This decision is undone already."))
    _refuse_what_stands_on_it(decision)
    touched = {pk for pk in (decision.ask_id, decision.other_ask_id) if pk is not None}
    if decision.kind == Decision.Kind.SPLIT and decision.other_ask_id is not None:
        # What the machine has added to the new ask since goes back with the rest.
        Membership.objects.filter(ask=decision.other_ask_id).update(ask=decision.ask_id)
    restore(decision.before)
    if decision.kind == Decision.Kind.SPLIT and decision.other_ask_id is not None:
        Ask.objects.filter(pk=decision.other_ask_id).update(
            state=Ask.State.JOINED, joined_into=decision.ask_id
        )
    touched |= set(
        Membership.objects.filter(
            post__in=list(map(int, decision.before["memberships"]))
        ).values_list("ask", flat=True)
    )
    Decision.objects.filter(pk=decision.pk).update(undone_at=now, undone_by=actor)
    decision.undone_at, decision.undone_by = now, actor
    Proposal.objects.filter(decision=decision).update(
        state=Proposal.State.OPEN, decided_by=None, decided_at=None, decision=None
    )
    assert decision.ask is not None
    journal.write(
        verb="insight.decision-undone",
        subject=decision.ask,
        actor_id=actor.pk,
        now=now,
        data={"decision": decision.public_id, "kind": decision.kind, "title": decision.ask.title},
    )
    recount(touched)
    return decision


def _refuse_what_stands_on_it(decision: Decision) -> None:
    asks = [pk for pk in (decision.ask_id, decision.other_ask_id) if pk is not None]
    if decision.kind in (Decision.Kind.TOGETHER, Decision.Kind.APART):
        return
    later = (
        Decision.objects.filter(
            Q(ask__in=asks) | Q(other_ask__in=asks), pk__gt=decision.pk, undone_at__isnull=True
        )
        .exclude(kind__in=[Decision.Kind.TOGETHER, Decision.Kind.APART])
        .select_related("actor", "ask")
        .order_by("-id")
        .first()
    )
    if later is not None and later.ask is not None:
        raise NotPossible(
            _("%(name)s has since %(what)s “%(title)s”. Undo that first.")
            % {
                "name": later.actor.name,
                "what": later.get_kind_display(),
                "title": later.ask.title,
            }
        )
    if decision.kind in (Decision.Kind.CONFIRM, Decision.Kind.SPLIT):
        created = decision.other_ask if decision.kind == Decision.Kind.SPLIT else decision.ask
        was_public = (
            decision.before["asks"].get(str(decision.ask_id), {}).get("state") == Ask.State.PUBLIC
        )
        if (
            created is not None
            and created.stage != Stage.UNDER_REVIEW
            and not (was_public and decision.kind == Decision.Kind.CONFIRM)
        ):
            raise NotPossible(
                _("“%(title)s” is %(stage)s by now. Move it back to review first.")
                % {"title": created.title, "stage": created.get_stage_display().lower()}
            )

"""Who of the team is to decide about a proposal."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Proposal
from feedback.asks.proposals.taking_back import write_down
from feedback.forum.rights.reading import manages
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal


@by_manager
@transaction.atomic
def give_proposal(
    *, proposal: Proposal, owner: User | None, actor: User, now: dt.datetime
) -> User | None:
    """Give ``proposal`` to ``owner`` to decide about, or to nobody; return whose it was.

    Raises `Refusal` for who may not decide about its product, and once somebody has decided.
    """
    hold_grouping()
    Proposal.objects.select_for_update().get(pk=proposal.pk)
    proposal = Proposal.objects.select_related("ask__product", "owner").get(pk=proposal.pk)
    if proposal.state != Proposal.State.OPEN:
        raise Refusal(_("Somebody has decided about this already."))
    if owner is not None and not manages(owner, proposal.ask.product):
        raise Refusal(
            _("Give it to somebody who decides about “%(product)s”.")
            % {"product": proposal.ask.product.name},
            status=422,
        )
    was = proposal.owner
    if was == owner:
        return was
    Proposal.objects.filter(pk=proposal.pk).update(owner=owner)
    write_down(
        Verb.PROPOSAL_GIVEN,
        proposal,
        actor=actor,
        now=now,
        before=was.public_id if was is not None else "",
        after=owner.public_id if owner is not None else "",
    )
    return was

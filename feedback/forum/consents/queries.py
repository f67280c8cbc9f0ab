"""What somebody agrees to."""

from feedback.accounts.models import User
from feedback.forum.consents.models import UNLESS_CHOSEN, Consents, Use


def chosen_by(person: User) -> frozenset[Use]:
    """Return what ``person`` agrees to for what they post now."""
    chosen = Consents.objects.filter(person=person).first()
    return frozenset(chosen.consents) if chosen is not None else UNLESS_CHOSEN

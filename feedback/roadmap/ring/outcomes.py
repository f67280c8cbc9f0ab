"""What came of betas: who tried a release before everyone."""

from collections.abc import Mapping

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feedback.accounts.outcomes.kinds import Kind, People
from feedback.journal.verbs import Verb
from feedback.roadmap.models import Invitation


def tested(people: People) -> Mapping[int, int]:
    """Return how many releases each tried before everyone, that are out."""
    said_yes = Invitation.objects.filter(
        answer=Invitation.Answer.ACCEPTED, ring__closed_at__isnull=False
    )
    if people is not None:
        said_yes = said_yes.filter(person__in=people)
    found = said_yes.order_by().values("person").annotate(n=Count("pk"))
    return dict(found.values_list("person", "n"))


TESTED = Kind(
    room="roadmap",
    key="betas",
    label=_("You tried a release before everyone"),
    why=_("You were in its ring when it went out. It earns a badge."),
    said=lambda n: ngettext("%(n)d beta tried", "%(n)d betas tried", n) % {"n": n},
    count=tested,
    verbs=frozenset(
        {Verb.RING_CLOSED, Verb.RING_ANSWERED, Verb.RING_TAKEN_OUT, Verb.AUTHOR_CLAIMED}
    ),
    raises=False,
)

"""The honours that somebody was given."""

from collections.abc import Iterable, Mapping

from feedback.accounts.models import User
from feedback.accounts.own_data.parts import Part, Row
from feedback.honours.models import Holder


def shows(person: User) -> Mapping[str, Iterable[Row]]:
    """Return the honours of ``person``, those that were taken back too."""
    held = Holder.objects.filter(person=person).order_by("pk")
    return {"honours": held.values("honour__name", "word", "given_at", "taken_at")}


PART = Part(room="honours", shows=shows, takes=((Holder, "person"),))

"""What this room itself holds of a person."""

import datetime as dt
from collections.abc import Iterable, Mapping

from allauth.account.models import EmailAddress

from feedback.accounts.models import Claim, ClaimCode, User
from feedback.accounts.own_data.parts import Part, Row


def shows(person: User) -> Mapping[str, Iterable[Row]]:
    """Return who ``person`` is here, their addresses, and whose words they claimed."""
    claims = Claim.objects.filter(person=person, undone_at=None).order_by("pk")
    return {
        "profile": [
            {
                "name": person.name,
                "about_you": person.bio,
                "role": person.role,
                "language": person.language,
                "thanked": person.credit,
                "joined_at": person.joined_at,
                "last_sign_in": person.last_login,
                "muted_until": person.muted_until,
                "page": person.public_id,
            }
        ],
        "e-mail-addresses": EmailAddress.objects.filter(user=person)
        .order_by("pk")
        .values("email", "verified", "primary"),
        "claimed-words": claims.values("author__origin_key", "proof", "claimed_at"),
    }


def erase(person: User, *, keeps_words: bool, now: dt.datetime) -> None:
    """Forget what a claim kept for being undone: it names what was theirs."""
    Claim.objects.filter(person=person).update(moved={})


PART = Part(
    name="accounts", shows=shows, takes=((ClaimCode, "person"), (ClaimCode, "author")), erase=erase
)

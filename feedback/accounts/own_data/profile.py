"""What this room itself holds of a person."""

import datetime as dt
from collections.abc import Iterable, Mapping

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from feedback.accounts.models import (
    Claim,
    ClaimCode,
    Invitation,
    ProductAccount,
    Standing,
    User,
)
from feedback.accounts.own_data.parts import Part, Row
from feedback.accounts.segments.queries import segments_of

_FROM_PRODUCT = (
    "issuer", "subject", "plan", "product_version", "device", "model", "segment", "seen_at",
)  # fmt: skip


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
        "accounts-elsewhere": SocialAccount.objects.filter(user=person)
        .order_by("pk")
        .values("provider", "uid", "date_joined", "extra_data"),
        "passkeys-and-second-step": Authenticator.objects.filter(user=person)
        .order_by("pk")
        .values("type", "created_at", "last_used_at"),
        "from-your-product": ProductAccount.objects.filter(person=person)
        .order_by("pk")
        .values(*_FROM_PRODUCT),
        "segments": [{"name": one.name} for one in segments_of([person.pk]).get(person.pk, [])],
        "what-came-of-it": Standing.objects.filter(person=person).values(
            "counts", "new_until", "member_until"
        ),
        "invitations": Invitation.objects.filter(made_by=person)
        .order_by("pk")
        .values("note", "most", "used", "made_at", "expires_at"),
    }


def erase(person: User, *, keeps_words: bool, now: dt.datetime) -> None:
    """Forget what a claim kept for being undone, which names what was theirs, and for whom their invitations were."""
    Claim.objects.filter(person=person).update(moved={})
    theirs = Invitation.objects.filter(made_by=person)
    theirs.filter(withdrawn_at=None).update(withdrawn_at=now)
    theirs.update(note="")


PART = Part(
    room="accounts",
    shows=shows,
    takes=(
        (ClaimCode, "person"),
        (ClaimCode, "author"),
        (SocialAccount, "user"),
        (Authenticator, "user"),
        (ProductAccount, "person"),
        (Standing, "person"),
    ),
    erase=erase,
)

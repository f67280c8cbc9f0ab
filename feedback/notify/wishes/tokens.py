"""Links in mails that change what their reader is mailed, without signing in."""

from collections.abc import Collection
from dataclasses import dataclass

from django.core import signing

from feedback.accounts.claiming.queries import claimer_of
from feedback.accounts.models import User
from feedback.notify.groups import Group

#: Without a time: the link is good as long as the mail is kept, and every copy of a mail has the same.
_SIGNER = signing.Signer(salt="notify.unsubscribe")


@dataclass(frozen=True)
class Bearer:
    """Whom a link is for, and the groups that the mail it stood in was about."""

    person: User
    groups: tuple[str, ...]


def token_for(person: User, groups: Collection[str]) -> str:
    """Return what stands in the link. It lasts as long as the site's secret key."""
    return _SIGNER.sign_object([person.public_id, *groups])


def bearer_of(token: str) -> Bearer | None:
    """Return whom ``token`` is for, None for one that is not ours, is damaged, or whose person is gone."""
    try:
        public_id, *groups = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(public_id=public_id, is_active=True).first()
    if person is not None:
        person = claimer_of(person) or person  # the mail came before they claimed their words
    known = tuple(group for group in groups if group in Group.values)
    return Bearer(person, known) if person is not None else None

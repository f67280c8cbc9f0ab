"""Links in mails that change what their reader is told, without signing in."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core import signing

from feedback.accounts.claiming.queries import claimer_of
from feedback.accounts.models import User
from feedback.notify.groups import About, Group

#: Without a time: a link is good as long as the mail is kept, and every copy of a mail has the same.
_STOPS, _MUTES = signing.Signer(salt="notify.unsubscribe"), signing.Signer(salt="notify.mute")


@dataclass(frozen=True)
class Bearer:
    """Whom a link is for, and the groups that the mail it stood in was about."""

    person: User
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Muter:
    """Whom a link is for that mutes one thing, and which."""

    person: User
    about: About
    about_id: int


def token_for(person: User, groups: Collection[str]) -> str:
    """Return what stands in the link that has mails stop. It lasts as long as the site's secret key."""
    return _STOPS.sign_object([person.public_id, *groups])


def mute_token_for(person: User, about: About, about_id: int) -> str:
    """Return what stands in the link that mutes one thing."""
    return _MUTES.sign_object([person.public_id, str(about), about_id])


def bearer_of(token: str) -> Bearer | None:
    """Return whom ``token`` is for, None for one that is not ours, is damaged, or whose person is gone."""
    person, groups = _read(_STOPS, token)
    known = tuple(group for group in groups if group in Group.values)
    return Bearer(person, known) if person is not None else None


def muter_of(token: str) -> Muter | None:
    """Return whom and what ``token`` is for, None as in `bearer_of`."""
    person, rest = _read(_MUTES, token)
    return Muter(person, About(rest[0]), int(rest[1])) if person is not None else None


def _read(signer: signing.Signer, token: str) -> tuple[User | None, list[Any]]:
    """Return whom a link is for and what else it says; who claimed their words since is that person."""
    try:
        public_id, *rest = signer.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None, []
    person = User.objects.filter(public_id=public_id, is_active=True).first()
    return (claimer_of(person) or person if person is not None else None), rest

"""What the team sees of who came by whom, on a person's page."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from feedback.accounts.joining import queries
from feedback.accounts.models import User
from feedback.accounts.permissions import is_team


@dataclass(frozen=True)
class Lineage:
    """Who invited a person, and how many they brought themselves."""

    inviter: User | None = None
    brought: int = 0


def lineage_of(person: User, *, reader: User | AnonymousUser) -> Lineage:
    """Return what ``reader`` sees of the lineage of ``person``: nothing, but for the team."""
    if not is_team(reader):
        return Lineage()
    return Lineage(queries.inviter_of(person), queries.count_invited_by(person))

"""Which imported authors a person's accounts elsewhere prove to be theirs."""

import datetime as dt

from allauth.socialaccount.models import SocialAccount
from django.db.models import Q

from feedback.accounts.models import User
from feedback.accounts.providers.adapter import VERIFIED

#: Under which name of what a provider told imports of its own know their authors: "github:octocat".
_LOGINS = {"github": "login"}


def proven_authors(person: User) -> Q:
    """Return the condition that an author is one of ``person``'s accounts elsewhere.

    By the name that an import of that provider gave, or by an address that the provider has checked. An account that is younger than
    the import is somebody who took a name that had become free.
    """
    theirs = Q(pk__in=[])
    for account in SocialAccount.objects.filter(user=person):
        told = account.extra_data if isinstance(account.extra_data, dict) else {}
        addresses = [str(one).lower() for one in told.get(VERIFIED) or []]
        if addresses:
            theirs |= Q(imported_email__in=addresses)
        login = told.get(_LOGINS.get(account.provider, ""))
        if login:
            since = _since(told.get("created_at"))
            named = Q(origin_key__iexact=f"{account.provider}:{login}")
            theirs |= named & Q(joined_at__gt=since) if since is not None else Q(pk__in=[])
    return theirs


def _since(told: object) -> dt.datetime | None:
    """Return since when an account is there; None where the provider does not say, which proves nothing."""
    try:
        since = dt.datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return since if since.tzinfo is not None else None

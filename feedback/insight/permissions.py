"""Who may see which ask."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from feedback.accounts.models import User
from feedback.accounts.permissions import is_team
from feedback.insight.models import Ask


def access_ask(person: User | AnonymousUser, public_id: str) -> Ask:
    """Return the ask for ``person``; raises `Http404` for one that is not public and not for them."""
    ask = Ask.objects.filter(public_id=public_id).select_related("joined_into").first()
    if ask is None or ask.state == Ask.State.RETIRED:
        raise Http404
    if ask.state in (Ask.State.PROPOSED, Ask.State.DISMISSED) and not is_team(person):
        raise Http404
    return ask

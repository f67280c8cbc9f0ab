"""An inbox is its person's alone."""

from django.http import Http404

from feedback.accounts.models import User
from feedback.notify.channels.inbox.queries import inbox
from feedback.notify.models import Notice


def access_notice(person: User, public_id: str) -> Notice:
    """Return the notice if it was told to ``person``; raises `Http404`."""
    notice = inbox(person).filter(public_id=public_id).first()
    if notice is None:
        raise Http404
    return notice

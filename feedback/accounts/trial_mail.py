"""A mail to oneself, to see whether mails leave this machine and arrive."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.letters import hand_over, refuse_no_address
from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel.identity import site_name


def send_trial_mail(to: str) -> None:
    """Hand a mail to ``to`` over to the mail server. Raises `Refusal` with what the server said."""
    refuse_no_address(to)
    about = {"site": site_name(), "url": settings.BASE_URL}
    hand_over(
        to=to,
        subject=_("%(site)s can mail") % about,
        body=_(
            "This mail was sent to see whether mails of %(site)s arrive. They do.\n\n— %(site)s\n%(url)s\n"
        )
        % about,
    )


@by_manager
def try_mail(*, actor: User, now: dt.datetime) -> None:
    """Send ``actor`` a mail, and note that it left. Raises `Refusal` with what the server said."""
    send_trial_mail(actor.email or "")
    server = settings.EMAIL_HOST if settings.HAS_MAIL_SERVER else ""
    with transaction.atomic():
        journal.write(
            verb=Verb.MAIL_TRIED,
            subject=actor,
            actor_id=actor.pk,
            now=now,
            data={"server": server},
        )


def mail_works() -> bool:
    """Whether there is a mail server, and a mail to somebody of the team has left through it."""
    if not settings.HAS_MAIL_SERVER:
        return False
    last = Entry.objects.filter(verb=Verb.MAIL_TRIED).order_by("-id").first()
    return last is not None and last.data.get("server") == settings.EMAIL_HOST

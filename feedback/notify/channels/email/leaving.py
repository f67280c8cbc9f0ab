"""What of a mail still goes out, and whether it does."""

from feedback.accounts.models import User
from feedback.notify import leaving
from feedback.notify.channels.email import queue
from feedback.notify.groups import Group, Pace
from feedback.notify.models import Mail, Notice, Wishes


def is_for_somebody(mail: Mail) -> bool:
    """Whether ``mail`` still goes to the address of its person, and that takes mail."""
    person = queue.reachable(User.objects.filter(pk=mail.person_id)).first()
    return person is not None and queue.address_of(person).lower() == mail.address.lower()


def still_to_tell(mail: Mail) -> list[Notice]:
    """Return the notices of ``mail`` that are still to be told, by thread, the latest first."""
    notices = Notice.objects.filter(delivery__mail=mail)
    return leaving.still_to_tell(mail.person_id, notices, wants=_is_mailed)


def _is_mailed(wishes: Wishes | None, group: Group) -> bool:
    return queue.pace_of(wishes, group) != Pace.NEVER

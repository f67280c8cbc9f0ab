"""What has to be shown on devices: whose, of what, and when."""

import datetime as dt
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

from feedback.accounts.models import User
from feedback.journal.models import Entry
from feedback.notify.groups import USUALLY_PUSHED, Group
from feedback.notify.models import Device, Notice, PushDelivery, Wishes
from feedback.notify.quiet_hours import after_quiet

#: What happens within this time is one message.
GATHERED = dt.timedelta(seconds=30)


def is_on() -> bool:
    """Whether news are shown on devices: browsers show them where a site is served over https, or to this very machine."""
    if not settings.HAS_PUSH:
        return False
    parts = urlsplit(settings.BASE_URL)
    host = parts.hostname or ""
    if parts.scheme == "https" or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def put(
    *, person_ids: Collection[int], key: str, entry: Entry, group: Group, now: dt.datetime
) -> None:
    """Queue what ``entry`` just told these people for the devices of those who want ``group`` there; no-op for what is queued."""
    if not is_on():
        return
    devices = list(Device.objects.filter(person__in=person_ids, off=""))
    if not devices:
        return
    owners = {device.person_id for device in devices}
    wishes = {wish.person_id: wish for wish in Wishes.objects.filter(person__in=owners)}
    news = Notice.objects.filter(person__in=owners, key=key, entry=entry, read_at=None)
    told = dict(news.values_list("person", "pk"))
    PushDelivery.objects.bulk_create(
        (
            PushDelivery(
                notice_id=told[device.person_id],
                device=device,
                due_at=due_at(wishes.get(device.person_id), now=now),
            )
            for device in devices
            if device.person_id in told and is_wanted(wishes.get(device.person_id), group)
        ),
        ignore_conflicts=True,
    )


def is_wanted(wishes: Wishes | None, group: str) -> bool:
    """Whether whoever has these wishes wants ``group`` on their devices."""
    said = wishes.push.get(str(group)) if wishes else None
    return group in USUALLY_PUSHED if said is None else bool(said)


def devices_for(people: QuerySet[User], group: Group) -> QuerySet[Device]:
    """Return the devices on which ``group`` is shown to these people."""
    devices = Device.objects.filter(person__in=people, person__is_active=True, off="")
    is_usual = group in USUALLY_PUSHED
    said = Wishes.objects.filter(**{f"push__{group}": not is_usual}).values("person")
    return devices.exclude(person__in=said) if is_usual else devices.filter(person__in=said)


def due_at(wishes: Wishes | None, *, now: dt.datetime) -> dt.datetime:
    """Return when what happens ``now`` is shown: soon, but not within quiet hours."""
    return after_quiet(now + GATHERED, wishes)

"""Changing how one is told."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.kernel.refusals import Refusal
from feedback.notify import occasions
from feedback.notify.channels.email import closing
from feedback.notify.channels.email.queue import due_at, pace_of
from feedback.notify.channels.push import queue as push_queue
from feedback.notify.groups import Group, Pace
from feedback.notify.models import Delivery, PushDelivery, Wishes

#: From the most mails to the fewest.
_RANK = [Pace.NOW, Pace.DAILY, Pace.WEEKLY, Pace.NEVER]


def wishes_of(person: User) -> Wishes | None:
    """Return what ``person`` said of how to be told, None when nothing."""
    return Wishes.objects.filter(person=person).first()


@transaction.atomic
def choose(
    *,
    person: User,
    mail: Mapping[str, str],
    now: dt.datetime,
    push: Mapping[str, bool] | None = None,
    quiet_from: dt.time | None = None,
    quiet_until: dt.time | None = None,
    time_zone: str = "",
) -> None:
    """Have ``person`` be mailed at these paces by group, be shown these groups on devices (None: as before), and neither in quiet hours.

    What waits already follows suit. Raises `Refusal` where only one end of the quiet hours is given.
    """
    if (quiet_from is None) != (quiet_until is None):
        raise Refusal(_("Say when the quiet hours begin and when they end."), status=422)
    shown = {} if push is None else {"push": {str(group): push[group] for group in push}}
    wishes, _made = Wishes.objects.update_or_create(
        person=person,
        defaults={
            **shown,
            "mail": {
                group: str(Pace(pace)) for group, pace in mail.items() if group in Group.values
            },
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "time_zone": time_zone,
            "changed_at": now,
        },
    )
    apply(wishes)


@transaction.atomic
def mail_less(*, person: User, groups: Collection[str], pace: Pace, now: dt.datetime) -> None:
    """Have ``person`` be mailed of ``groups`` at ``pace`` from now on, where that is less than they are mailed now.

    Never more: whoever holds an old mail may say so without signing in.
    """
    wishes, _made = Wishes.objects.get_or_create(person=person, defaults={"changed_at": now})
    wishes = Wishes.objects.select_for_update().get(pk=wishes.pk)
    less = [group for group in groups if _RANK.index(pace) > _RANK.index(pace_of(wishes, group))]
    wishes.mail = {**wishes.mail, **{str(group): str(pace) for group in less}}
    wishes.changed_at = now
    wishes.save(update_fields=["mail", "changed_at"])
    apply(wishes)


def send_again(*, person: User) -> None:
    """Send to the address of ``person`` again, which was closed because a server refused it: they say that it works."""
    closing.open_again(person=person)


def apply(wishes: Wishes) -> None:
    """Bring what waits to be mailed, or shown on devices, to what is wished for now."""
    waiting = Delivery.objects.filter(person=wishes.person_id, mail=None)
    for delivery in waiting.select_related("notice__entry"):
        pace = pace_of(wishes, occasions.group_of(delivery.notice.entry.verb))
        if pace == Pace.NEVER:
            delivery.delete()
        else:
            due = due_at(pace, wishes, now=delivery.notice.told_at)
            Delivery.objects.filter(pk=delivery.pk, mail=None).update(pace=pace, due_at=due)
    to_devices = PushDelivery.objects.filter(device__person=wishes.person_id, push=None)
    for shown in to_devices.select_related("notice__entry"):
        if push_queue.is_wanted(wishes, occasions.group_of(shown.notice.entry.verb)):
            due = push_queue.due_at(wishes, now=shown.notice.told_at)
            PushDelivery.objects.filter(pk=shown.pk, push=None).update(due_at=due)
        else:
            shown.delete()

"""Following, muting, and neither."""

import datetime as dt

from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.kernel.refusals import Refusal
from feedback.notify.groups import About
from feedback.notify.models import Subscription

#: Things that one person follows or mutes, at most.
MOST = 2_000


def subscribe(
    *, person: User, about: About, about_id: int, is_muted: bool, now: dt.datetime
) -> None:
    """Have ``person`` follow a thing, or hear nothing of it any more. Raises `Refusal` for oneself and for too many."""
    if about == About.PERSON and about_id == person.pk:
        raise Refusal(_("You hear of what happens to your own words anyway."), status=422)
    if Subscription.objects.filter(person=person).count() >= MOST:
        raise Refusal(_("You follow %(n)d things. Stop following some first.") % {"n": MOST})
    Subscription.objects.update_or_create(
        person=person,
        about=about,
        about_id=about_id,
        defaults={"is_muted": is_muted, "since": now},
    )


def unsubscribe(*, person: User, about: About, about_id: int) -> None:
    """Have ``person`` neither follow nor mute a thing; no-op when they do not."""
    Subscription.objects.filter(person=person, about=about, about_id=about_id).delete()


def remove_subscription(*, person: User, subscription_id: int) -> None:
    """Have ``person`` neither follow nor mute what one of their subscriptions is about, whatever became of it."""
    Subscription.objects.filter(person=person, pk=subscription_id).delete()

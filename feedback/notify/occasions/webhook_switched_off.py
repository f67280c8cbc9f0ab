"""A webhook was switched off because nothing arrived any more: the managers hear, once each time."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.accounts.models import Role, User
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.models import Endpoint
from feedback.notify.occasions import Facts, Occasion, taken_from
from feedback.notify.recipients import Audience


def key(entry: Entry) -> str:
    return f"webhook-off:{entry.pk}"


def facts(entry: Entry) -> Facts | None:
    if not entry.data.get("why"):
        return None  # somebody did it by hand
    return taken_from(entry, "title", "endpoint", "why")


def recipients(entry: Entry) -> Iterable[Audience]:
    yield Audience(User.objects.filter(role__in=[Role.MANAGER, Role.ADMIN]), asked=True)


def sentence(kept: Facts) -> str:
    if kept["why"] == Endpoint.Off.GONE:
        return _("A webhook is switched off: the other side says that it is gone for good")
    return _("A webhook is switched off: nothing has arrived there for three days")


def url(kept: Facts) -> str:
    return reverse("notify:webhook-open", args=[kept["endpoint"]])


OCCASION = Occasion(
    verbs=(Verb.WEBHOOK_SWITCHED_OFF,),
    group=Group.MODERATION,
    key=key,
    facts=facts,
    recipients=recipients,
    sentence=sentence,
    url=url,
)

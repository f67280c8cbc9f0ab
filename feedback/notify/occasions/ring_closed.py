"""A release left, and its ring closed: who tried it before everyone is thanked."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _release, taken_from
from feedback.notify.recipients import Audience
from feedback.roadmap.models import Invitation


def key(entry: Entry) -> str:
    return f"ring:{entry.subject_id}:closed"


def facts(entry: Entry) -> Facts:
    return taken_from(entry, "version", "product") | {"title": entry.data["version"]}


def recipients(entry: Entry) -> Iterable[Audience]:
    was_in = Invitation.objects.filter(
        ring__release=entry.subject_id, answer=Invitation.Answer.ACCEPTED
    )
    yield Audience(User.objects.filter(pk__in=was_in.values("person")), asked=True)


def sentence(kept: Facts) -> str:
    return _("%(version)s is out, and you tried it before everyone. Thank you") % kept


OCCASION = Occasion(
    verbs=(Verb.RING_CLOSED,),
    group=Group.ROADMAP,
    key=key,
    facts=facts,
    recipients=recipients,
    about=_release.about,
    thread=_release.thread,
    sentence=sentence,
    url=_release.url,
    stage="SHIPPED",
)

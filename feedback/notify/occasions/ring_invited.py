"""A ring was opened for a release, or grew: who is invited hears, once, and may say no."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _release, taken_from
from feedback.notify.recipients import Audience
from feedback.roadmap.models import Invitation, Ring


def key(entry: Entry) -> str:
    return f"ring:{entry.subject_id}:invited"


def facts(entry: Entry) -> Facts | None:
    """Of the board nothing is kept: whoever is taken out later must not read its name."""
    if not Ring.objects.filter(release=entry.subject_id, closed_at=None).exists():
        return None
    return taken_from(entry, "version", "product") | {"title": entry.data["version"]}


def recipients(entry: Entry) -> Iterable[Audience]:
    waiting = Invitation.objects.filter(
        ring__release=entry.subject_id,
        answer=Invitation.Answer.WAITING,
        invited_at=entry.at,
    )
    yield Audience(User.objects.filter(pk__in=waiting.values("person")), asked=True)


def sentence(kept: Facts) -> str:
    return _("Would you try %(version)s before everyone? You are invited to its beta") % kept


def url(kept: Facts) -> str:
    page = reverse("roadmap:ring-answer", args=[kept["version"]])
    return f"{page}?product={kept['product']}"


OCCASION = Occasion(
    verbs=(Verb.RING_INVITED,),
    group=Group.ROADMAP,
    key=key,
    facts=facts,
    recipients=recipients,
    about=_release.about,
    thread=_release.thread,
    sentence=sentence,
    url=url,
    stage="BETA",
)

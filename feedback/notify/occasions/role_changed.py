"""Somebody has a role now, or has it no more, on the site or a part of it: they hear."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.accounts.models import Role, User
from feedback.forum.closed.reading import may_read, products_of
from feedback.forum.models import Offer
from feedback.forum.rights.people import place_called
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _named
from feedback.notify.recipients import Audience


def key(entry: Entry) -> str:
    return f"role:{entry.pk}"


def facts(entry: Entry) -> Facts | None:
    """Nothing where they took it themselves, by a link. A board that they may not read is not named, nor a product that they may not know of."""
    person = User.objects.filter(pk=entry.subject_id).first()
    place = place_called(entry.data["on"])
    if person is None or place is None:
        return None
    if Offer.objects.filter(taken_by=person, taken_at=entry.at).exists():
        return None
    told = {
        "person": person.public_id,
        "role": entry.data["role"],
        "has": entry.verb == Verb.RIGHT_GIVEN,
    }
    if place.board is not None and may_read(person, place.board):
        return told | {"board": place.board.slug} | _named.names_of(place.board)
    if place.product is not None and products_of(person).contains(place.product):
        return told | {"product": place.product.slug} | _named.names_of(place.product)
    return told


def recipients(entry: Entry) -> Iterable[Audience]:
    yield Audience(User.objects.filter(pk=entry.subject_id), asked=False)


def sentence(kept: Facts) -> str:
    role = Role(kept["role"]).label
    said = (
        _("You have a role here now: %s")
        if kept["has"]
        else _("You do not have this role any more: %s")
    )
    return said % role


def url(kept: Facts) -> str:
    return reverse("forum:person-detail", args=[kept["person"]])


OCCASION = Occasion(
    verbs=(Verb.RIGHT_GIVEN, Verb.RIGHT_TAKEN),
    group=Group.MODERATION,
    key=key,
    facts=facts,
    recipients=recipients,
    sentence=sentence,
    url=url,
    title=_named.title,
)

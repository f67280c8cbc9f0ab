"""What a person follows, and what they hear of anyway."""

from collections.abc import Collection
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from feedback.accounts.models import User
from feedback.asks.people import people_behind
from feedback.forum.models import Post
from feedback.notify.groups import About
from feedback.notify.models import Subscription


class Standing(StrEnum):
    """How somebody stands to a thing. ``HEARS``: it is their own, or they asked for it."""

    NONE = "NONE"
    HEARS = "HEARS"
    FOLLOWS = "FOLLOWS"
    MUTED = "MUTED"


def standings(
    person: User | AnonymousUser, about: About, pks: Collection[int]
) -> dict[int, Standing]:
    """Return how ``person`` stands to each of these things."""
    found = dict.fromkeys(pks, Standing.NONE)
    if not isinstance(person, User):
        return found
    found |= dict.fromkeys(_own(person, about, pks), Standing.HEARS)
    said = Subscription.objects.filter(person=person, about=about, about_id__in=pks)
    for pk, is_muted in said.values_list("about_id", "is_muted"):
        found[pk] = Standing.MUTED if is_muted else Standing.FOLLOWS
    return found


def _own(person: User, about: About, pks: Collection[int]) -> list[int]:
    """Return those of these things of which ``person`` hears without following them."""
    if about == About.POST:
        own = Post.objects.filter(pk__in=pks, author=person)
        return list(own.values_list("pk", flat=True))
    if about == About.ASK:
        return [pk for pk in pks if people_behind([pk]).filter(pk=person.pk).exists()]
    return []


def posts_followed_by(person: User) -> Q | None:
    """Return the condition that a post is of something that ``person`` follows, None where they follow nothing that has posts."""
    columns = {
        About.POST: "pk__in",
        About.BOARD: "board__in",
        About.PERSON: "author__in",
        About.ASK: "membership__ask__in",
        About.AREA: "membership__ask__area__in",
    }
    said = Subscription.objects.filter(person=person, about__in=columns, is_muted=False)
    ids: dict[str, list[int]] = {}
    for about, pk in said.values_list("about", "about_id"):
        ids.setdefault(about, []).append(pk)
    found = Q()
    for about, pks in ids.items():
        found |= Q(**{columns[About(about)]: pks})
    return found or None

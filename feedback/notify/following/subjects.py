"""What can be followed: how each thing is named in an address, and who may see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import reverse

from feedback.accounts.models import User
from feedback.asks.permissions import access_area, access_ask, areas_known_to, asks_known_to
from feedback.forum.closed.reading import boards_of, known_to, products_of
from feedback.forum.permissions import access_board, access_person, access_post, access_product
from feedback.forum.queries import posts_visible_to
from feedback.notify.groups import About
from feedback.roadmap.models import Item, Release
from feedback.roadmap.permissions import access_item

Person = User | AnonymousUser


@dataclass(frozen=True)
class Subject:
    """One kind of thing that can be followed.

    ``key(row)`` names it in an address, ``access(person, key)`` returns it or raises `Http404`, ``page(row)`` is its
    page, and ``known_to(person)`` are those that they may know of.
    """

    key: Callable[[Any], str]
    access: Callable[[Person, str], Model]
    page: Callable[[Any], str]
    known_to: Callable[[Person], QuerySet[Any]]


def _public_id(row: Any) -> str:
    return str(row.public_id)


def _releases(person: Person) -> QuerySet[Release]:
    return Release.objects.filter(known_to(person)).select_related("product")


def _access_release(person: Person, key: str) -> Release:
    release = _releases(person).filter(pk=key).first() if key.isdecimal() else None
    if release is None:
        raise Http404
    return release


def _page(name: str, key: Callable[[Any], str] = _public_id) -> Callable[[Any], str]:
    return lambda row: reverse(name, args=[key(row)])


SUBJECTS: dict[About, Subject] = {
    About.POST: Subject(_public_id, access_post, _page("forum:post-detail"), posts_visible_to),
    About.ASK: Subject(_public_id, access_ask, _page("asks:ask-detail"), asks_known_to),
    About.ITEM: Subject(
        _public_id,
        access_item,
        _page("roadmap:item-detail"),
        lambda person: Item.objects.filter(known_to(person)),
    ),
    About.BOARD: Subject(
        lambda row: str(row.slug),
        access_board,
        _page("forum:board-detail", lambda row: str(row.slug)),
        boards_of,
    ),
    About.AREA: Subject(
        _public_id,
        access_area,
        lambda row: f"{reverse('asks:ask-list')}?area={row.public_id}",
        areas_known_to,
    ),
    About.PERSON: Subject(
        _public_id,
        lambda _person, key: access_person(key),
        _page("forum:person-detail"),
        lambda _person: User.objects.filter(is_active=True),
    ),
    About.RELEASE: Subject(
        lambda row: str(row.pk),
        _access_release,
        lambda row: str(row.address),
        _releases,
    ),
    # Of a product.
    About.BRIEF: Subject(
        lambda row: str(row.slug),
        access_product,
        lambda row: f"{reverse('briefs:brief-list')}?product={row.slug}",
        products_of,
    ),
}

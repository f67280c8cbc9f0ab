"""A person's own feeds: of the closed boards that they read, at addresses with their key in them."""

import datetime as dt

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from feedback.accounts.models import User
from feedback.accounts.restrictions import is_suspended
from feedback.forum.closed.models import Readers
from feedback.forum.closed.reading import boards_of
from feedback.kernel import clock
from feedback.notify.channels.feed.beside import in_language
from feedback.notify.models import FeedKey
from feedback.notify.models.feeds import new_key


def make_key(*, person: User, now: dt.datetime) -> FeedKey:
    """Give ``person`` a new key; addresses with the one before lead nowhere from then on."""
    made, _is_new = FeedKey.objects.update_or_create(
        person=person, defaults={"key": new_key(), "made_at": now}
    )
    return made


def remove_key(*, person: User) -> None:
    """Take the key of ``person`` back; no-op without one."""
    FeedKey.objects.filter(person=person).delete()


def access_reader(key: str) -> User:
    """Return whose key this is; raises `Http404` where it is nobody's, or their account is closed or suspended."""
    found = FeedKey.objects.filter(key=key, person__is_active=True).select_related("person")
    row = found.first()
    if row is None or is_suspended(row.person, now=clock.now()):
        raise Http404
    return row.person


def own_feeds(person: User) -> list[tuple[str, str]]:
    """Return the closed boards that ``person`` reads, each with the whole address of its feed; [] without a key."""
    row = FeedKey.objects.filter(person=person).first()
    if row is None:
        return []
    closed = boards_of(person).exclude(readers=Readers.EVERYONE).order_by("position", "pk")
    return [(board.title, settings.BASE_URL + own_address(row.key, board.slug)) for board in closed]


def own_address(key: str, slug: str) -> str:
    """Return the address of the feed of a closed board for whoever has ``key``."""
    return in_language(reverse("notify:feed-own", args=[key, slug]))

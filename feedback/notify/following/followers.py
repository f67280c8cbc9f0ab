"""Who follows what a release brings: for the ring that is invited to try it."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from feedback.accounts.models import User
from feedback.notify.groups import About
from feedback.notify.models import Subscription
from feedback.roadmap.models import Release


def followers_of(release: Release, asks: Collection[int]) -> QuerySet[User]:
    """Return who follows ``release``, one of its items, or one of ``asks`` (primary keys)."""
    of_items = Q(about=About.ITEM, about_id__in=release.items.values("pk"))
    of_asks = Q(about=About.ASK, about_id__in=list(asks))
    of_release = Q(about=About.RELEASE, about_id=release.pk)
    following = Subscription.objects.filter(of_release | of_items | of_asks, is_muted=False)
    return User.objects.filter(pk__in=following.values("person"))

"""What was decided elsewhere, before it came here: an import brings it with its own days."""

import datetime as dt

from django.db import transaction

from feedback.asks.staging import date_stage
from feedback.forum.models import Product
from feedback.roadmap.models import Item, Release
from feedback.roadmap.queries import asks_led_by


@transaction.atomic
def date_item(*, item: Item, at: dt.datetime) -> None:
    """Say since when ``item`` and the asks it answers have their stage."""
    Item.objects.filter(pk=item.pk, stage_changed_at__gt=at).update(stage_changed_at=at)
    for ask in asks_led_by(item):
        date_stage(ask=ask, at=at)


def day_of_release(product: Product, version: str) -> dt.date | None:
    """Return the day of the release of ``product`` called ``version``, None where there is none."""
    found = Release.objects.filter(product=product, version=version)
    return found.values_list("release_date", flat=True).first()

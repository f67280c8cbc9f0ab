"""Erasing the briefs of a product, when the product itself is erased."""

import datetime as dt

from feedback.briefs.models import Brief
from feedback.forum.models import Product
from feedback.journal import operations as journal


def erase_briefs(*, product: Product, now: dt.datetime) -> None:
    """Erase the briefs of ``product`` with what they quote and what was noted of them."""
    briefs = Brief.objects.filter(product=product)
    journal.forget(briefs, now=now)
    briefs.delete()

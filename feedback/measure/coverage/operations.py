"""Saying whether everybody may see how well a product's team answers."""

import datetime as dt

from django.db import transaction

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.forum.models import Product
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.measure.coverage.queries import forget_hidden
from feedback.measure.models import ProductWishes


@by_manager
@transaction.atomic
def show_coverage(*, product: Product, shows: bool, actor: User, now: dt.datetime) -> None:
    """Have everybody see how well ``product`` is answered, or the team alone; no-op where it is so."""
    wishes, _made = ProductWishes.objects.select_for_update().get_or_create(product=product)
    if wishes.shows_coverage == shows:
        return
    wishes.shows_coverage = shows
    wishes.save(update_fields=["shows_coverage"])
    journal.write(
        verb=Verb.COVERAGE_SHOWN if shows else Verb.COVERAGE_KEPT_IN,
        subject=product,
        actor_id=actor.pk,
        now=now,
        data={"product": product.slug},
    )
    transaction.on_commit(forget_hidden)

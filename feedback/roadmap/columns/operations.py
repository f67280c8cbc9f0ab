"""Choosing the columns of a product's roadmap."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.asks.stages import Stage
from feedback.forum.models import NAME_LENGTH, Product
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale
from feedback.roadmap.columns.queries import STAGES, columns_of
from feedback.roadmap.models import Column


@dataclass(frozen=True)
class Wanted:
    """One column as a person wants it."""

    stages: Sequence[Stage | str]
    name: str = ""
    name_zh: str = ""
    shown_to: str = Column.ShownTo.EVERYONE


def words_of(columns: Sequence[Column]) -> dict[str, str]:
    """Return what is chosen of ``columns`` as words, for `stale`."""
    return {
        str(at): " / ".join([column.title, *column.stages, column.get_shown_to_display()])
        for at, column in enumerate(columns)
    }


@by_manager
@transaction.atomic
def choose_columns(
    *,
    product: Product,
    columns: Sequence[Wanted],
    actor: User,
    now: dt.datetime,
    seen: str | None = None,
) -> list[Column]:
    """Have the roadmap of ``product`` show ``columns``, in this order; none for the usual ones.

    What stands at a stage that no column holds, or whose column is hidden, keeps its page and leaves the overviews. ``seen``
    is the mark of the columns that the person began with. Raises `Refusal` for a column without a stage and for a stage in
    two, and `StaleEdit` when somebody chose others since.
    """
    product = Product.objects.select_for_update().get(pk=product.pk)
    refuse_stale(words_of(columns_of(product)), seen=seen)
    held = Counter(Stage(stage) for column in columns for stage in column.stages)
    if not all(column.stages for column in columns) or not held.keys() <= set(STAGES):
        raise Refusal(_("Say of each column which stages it holds."), status=422)
    twice = next((stage for stage, count in held.items() if count > 1), None)
    if twice is not None:
        raise Refusal(
            _("“%(stage)s” stands in two columns. Leave it in one.") % {"stage": twice.label},
            status=422,
        )
    Column.objects.filter(product=product).delete()
    made = Column.objects.bulk_create(
        Column(
            product=product,
            position=position,
            name=typed.line(column.name, most=NAME_LENGTH),
            name_zh=typed.line(column.name_zh, most=NAME_LENGTH),
            stages=[str(stage) for stage in STAGES if stage in column.stages],
            shown_to=Column.ShownTo(column.shown_to),
        )
        for position, column in enumerate(columns)
    )
    journal.write(
        verb=Verb.COLUMNS_CHOSEN,
        subject=product,
        actor_id=actor.pk,
        now=now,
        data={"slug": product.slug, "columns": [[c.stages, c.shown_to] for c in made]},
    )
    return made

"""What the overviews of the roadmap show to one reader: its board, list, timeline, horizons and widget."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from feedback.accounts.models import User
from feedback.accounts.permissions import is_team
from feedback.asks.stages import Stage
from feedback.forum.models import Product
from feedback.forum.products.queries import listed
from feedback.roadmap.models import Column

#: The stages that a column may hold. What is declined stands below all columns, with its reason, for everyone.
STAGES = (Stage.UNDER_REVIEW, Stage.PLANNED, Stage.IN_PROGRESS, Stage.BETA, Stage.SHIPPED)
#: A column each where nobody chose others.
USUAL = (Stage.PLANNED, Stage.IN_PROGRESS, Stage.BETA, Stage.SHIPPED)


def usual_columns() -> list[Column]:
    """Return the columns of a product of which nobody chose any."""
    return [Column(position=at, stages=[stage]) for at, stage in enumerate(USUAL)]


def columns_of(product: Product) -> list[Column]:
    """Return the columns of ``product``, hidden ones too."""
    return list(Column.objects.filter(product=product)) or usual_columns()


@dataclass(frozen=True)
class Overview:
    """The columns that one reader sees, and the condition on items that stand in one."""

    columns: Sequence[Column]
    shown: Q

    @property
    def stages(self) -> list[Stage]:
        """The stages that are shown, in the order of the columns."""
        return [Stage(stage) for column in self.columns for stage in column.stages]


def overview(person: User | AnonymousUser, product: Product | None) -> Overview:
    """Return what ``person`` sees of the roadmap of ``product``.

    Of all products together (None) each shows what it shows by itself, under the usual columns.
    """
    chosen: defaultdict[int, list[Column]] = defaultdict(list)
    for column in Column.objects.filter(listed(product)):
        chosen[column.product_id].append(column)
    shown = Q(stage__in=USUAL) & ~Q(product__in=list(chosen))
    seen = {pk: _seen_by(person, columns) for pk, columns in chosen.items()}
    for pk, columns in seen.items():
        stages = [stage for column in columns for stage in column.stages]
        shown |= Q(product=pk, stage__in=stages)
    if product is None or product.pk not in seen:
        return Overview(usual_columns(), shown)
    return Overview(seen[product.pk], shown)


def _seen_by(person: User | AnonymousUser, columns: Sequence[Column]) -> list[Column]:
    shown_to = {Column.ShownTo.EVERYONE} | ({Column.ShownTo.TEAM} if is_team(person) else set())
    return [column for column in columns if column.shown_to in shown_to]

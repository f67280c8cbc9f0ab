"""The asks of a product in the order of its formula."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.cache import caches
from django.db.models import Q

from feedback.accounts.segments.models import Segment
from feedback.accounts.segments.queries import revenue_of, segments, segments_of
from feedback.asks.models import OPEN, Ask
from feedback.asks.stages import Stage
from feedback.asks.table.queries import attach_growth
from feedback.engine.stats.camps import NOBODY, Reach, reach
from feedback.engine.stats.formula import Formula, NotAFormula, parse
from feedback.forum.models import Product
from feedback.kernel.stale import mark_of
from feedback.measure.priority.models import Estimate, ProductWishes
from feedback.measure.priority.voters import came, known, ties_of

USUAL = "reach_low * impact * confidence / effort"
#: What a formula may name, besides segments.
NAMES = (
    "reach", "reach_low", "people", "spread", "critical", "growth", "revenue", "segments",
    "impact", "confidence", "effort",
)  # fmt: skip
#: Asks that are weighed: the most wanted ones, and all that somebody has estimated.
MOST = 500
_SECONDS = 120
#: What is out or declined is behind us.
_DONE = (Stage.SHIPPED, Stage.DECLINED)
_SEGMENTS = re.compile(r"\bseg_\w+")


@dataclass(frozen=True)
class Wanting:
    """Who wants an ask: how many, how many of each segment by its key, and what they bring."""

    reach: Reach
    of_segment: Mapping[str, int]
    revenue: Decimal | None


@dataclass(frozen=True)
class Row:
    """An ask as it is weighed. ``value`` is the score as if it were a person-week of effort; None where it is not known.

    ``segments`` are those that want it, each with how many of it. ``typed`` is an estimate, as `said`, that was not kept.
    """

    ask: Ask
    estimate: Estimate | None
    wanting: Wanting
    values: Mapping[str, float | None]
    score: float | None
    value: float | None
    segments: Sequence[tuple[Segment, int]]
    typed: Mapping[str, str] | None = None

    @property
    def effort(self) -> float | None:
        """Person-weeks."""
        return self.values["effort"]

    @property
    def impact_said(self) -> str:
        """The impact as it is chosen, "" where it is not."""
        return self._said("impact")

    @property
    def effort_said(self) -> str:
        """The effort as it is typed, "" where it is not known."""
        return self._said("effort")

    @property
    def confidence_said(self) -> str:
        """The confidence as it is chosen, "" where it is not."""
        return self._said("confidence")

    def _said(self, name: str) -> str:
        return (said(self.estimate) if self.typed is None else self.typed)[name]

    @property
    def seen(self) -> str:
        """The mark of the estimate, for `stale`."""
        return mark_of(said(self.estimate))


def said(estimate: Estimate | None) -> dict[str, str]:
    """Return an estimate as an address and the journal have it, "" for what is not estimated."""
    if estimate is None:
        return estimate_words(None, None, None)
    return estimate_words(estimate.impact, estimate.confidence, estimate.effort)


def estimate_words(
    impact: Decimal | None, confidence: int | None, effort: Decimal | None
) -> dict[str, str]:
    """Return these as the words of an estimate."""
    return {
        "impact": written(impact),
        "confidence": str(confidence) if confidence is not None else "",
        "effort": written(effort),
    }


@dataclass(frozen=True)
class Ranking:
    """The asks in order, those without a score last, and by which formula. ``left_out`` asks are wanted by too few to be weighed."""

    rows: Sequence[Row]
    formula: Formula
    left_out: int


def formula_names(those: Sequence[Segment] | None = None) -> tuple[str, ...]:
    """Return what a formula may name on this site."""
    known_segments = segments() if those is None else those
    return (*NAMES, *(one.key for one in known_segments))


def formula_of(product: Product, those: Sequence[Segment] | None = None) -> Formula:
    """Return the formula of ``product``; the usual one where it can be read no more.

    A segment that is gone is read as nobody.
    """
    kept = ProductWishes.objects.filter(product=product).values_list("formula", flat=True).first()
    names = formula_names(those)
    if kept:
        with suppress(NotAFormula):
            return parse(kept, names={*names, *_SEGMENTS.findall(kept)})
    return parse(USUAL, names=names)


def ranking(product: Product, *, now: dt.datetime) -> Ranking:
    """Return the asks of ``product`` in the order of its formula; who wants them is read anew every two minutes."""
    those = list(segments())
    formula = formula_of(product, those)
    open_asks = Ask.objects.filter(product=product, state__in=OPEN).exclude(stage__in=_DONE)
    first = open_asks.order_by("-people_count", "pk").values_list("pk", flat=True)[:MOST]
    asks = list(
        open_asks.filter(Q(pk__in=list(first)) | Q(estimate__isnull=False)).select_related(
            "estimate", "area", "owner"
        )
    )
    attach_growth(asks, now=now)
    who = _kept_wanting(product, [ask.pk for ask in asks], those)
    rows = [_row(ask, who.get(ask.pk), formula, those) for ask in asks]
    rows.sort(key=_place)
    return Ranking(rows, formula, open_asks.count() - len(rows))


def _place(row: Row) -> tuple[Any, ...]:
    low = row.wanting.reach.low
    if row.score is None:
        return (1, 0.0, -low, row.ask.pk)
    return (0, -row.score, -low, row.ask.pk)


_NOBODY = Wanting(NOBODY, {}, None)


def _row(ask: Ask, wanting: Wanting | None, formula: Formula, those: Sequence[Segment]) -> Row:
    wanting = wanting or _NOBODY
    estimate = getattr(ask, "estimate", None)
    values: dict[str, float | None] = dict.fromkeys(
        (name for name in formula.names if name.startswith("seg_")), 0.0
    )
    values |= {
        "reach": wanting.reach.weighted,
        "reach_low": wanting.reach.low,
        "people": float(wanting.reach.people),
        "spread": wanting.reach.spread,
        "critical": float(ask.critical_count),
        "growth": float(getattr(ask, "grown", 0)),
        "revenue": float(wanting.revenue or 0),
        "segments": float(len(wanting.of_segment)),
        "impact": _number(estimate.impact if estimate is not None else None),
        "confidence": estimate.confidence / 100
        if estimate is not None and estimate.confidence is not None
        else None,
        "effort": _number(estimate.effort if estimate is not None else None),
    }
    values |= {key: float(number) for key, number in wanting.of_segment.items()}
    return Row(
        ask=ask,
        estimate=estimate,
        wanting=wanting,
        values=values,
        score=formula.work_out(values),
        value=formula.work_out(values | {"effort": 1.0}),
        segments=[
            (one, wanting.of_segment[one.key]) for one in those if one.key in wanting.of_segment
        ],
    )


def written(value: Decimal | None) -> str:
    """Return a number as it is typed, "" for none."""
    return f"{value.normalize():f}" if value is not None else ""


def _number(value: Decimal | None) -> float | None:
    return float(value) if value is not None else None


def _kept_wanting(
    product: Product, asks: Sequence[int], those: Sequence[Segment]
) -> dict[int, Wanting]:
    """Return who wants each of ``asks``, kept for a while in each process and for the weights as they are.

    An ask that is not among those kept has all read anew: what makes a crowd of people is seen over all asks together.
    """
    weighed = "".join(
        f"{one.key}:{one.weight}:{one.brought_at}:{one.rule}{one.value};" for one in those
    )
    key = f"measure.wanting:{product.pk}:{hash(weighed)}"
    kept: dict[int, Wanting] | None = caches["template_fragments"].get(key)
    if kept is None or not kept.keys() >= set(asks):
        kept = dict.fromkeys(asks, _NOBODY) | wanting_of(asks)
        caches["template_fragments"].set(key, kept, _SECONDS)
    return kept


def wanting_of(asks: Sequence[int]) -> dict[int, Wanting]:
    """Return who wants each of ``asks``: crowds counted as crowds, people by the heaviest of their segments."""
    moments = came(asks)
    everybody = {person for those in moments.values() for person in those}
    ties = ties_of(moments, known(everybody))
    of_person, revenue = segments_of(everybody), revenue_of(everybody)
    found = {}
    for ask, those in ties.items():
        people = sorted(those)
        in_segments = Counter(one.key for person in people for one in of_person.get(person, ()))
        brought: dict[int, Decimal] = {}
        for person in people:
            brought.update(revenue.get(person, {}))
        found[ask] = Wanting(
            reach=reach(
                [those[person] for person in people],
                [_weight(of_person.get(person, ())) for person in people],
            ),
            of_segment=dict(in_segments),
            revenue=sum(brought.values(), Decimal()) if brought else None,
        )
    return found


def _weight(those: Sequence[Segment]) -> float:
    return max((float(one.weight) for one in those), default=1.0)

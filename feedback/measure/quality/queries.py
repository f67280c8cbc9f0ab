"""How good the grouping is here, as far as people's answers tell."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from feedback.asks.models import OPEN, Ask, Bond, Decision, Membership
from feedback.engine.stats.intervals import Stratum, stratified_share, stratified_total
from feedback.forum.models import Post, Product
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import Run
from feedback.grouping.vectors.encoders import current_model
from feedback.measure.judging.queries import (
    band_of,
    grouped_by_machine,
    judgements_of,
    newest_sample,
    pairs_judged,
    placed_singly,
)
from feedback.measure.models import Calibration, Judgement, QualityReading

#: Answers from which a share is shown instead of how many are missing.
ENOUGH = 30
#: Answers from which it is shown to everyone.
ENOUGH_FOR_ALL = 60
#: The share of the posts that a language has at least to be measured by itself.
SPOKEN_FROM = 0.05
Kind = Judgement.Kind


@dataclass(frozen=True)
class Measure:
    """A share with its bounds, 0 to 1, and what it rests on; ``value`` is None while there are too few answers."""

    value: float | None
    low: float
    high: float
    judged: int
    missing: int = 0

    @property
    def is_known(self) -> bool:
        return self.value is not None


def measure(strata: list[Stratum]) -> Measure:
    """Return the share of yes over ``strata``, or how many answers are missing."""
    judged = sum(one.judged for one in strata)
    share = stratified_share(strata)
    missing = max(0, ENOUGH - judged)
    return Measure(None if missing else share.value, share.low, share.high, judged, missing)


def precision(product: Product, model_key: str, *, language: str = "") -> Measure:
    """Return the share of the machine's memberships that are right, from a random sample of them.

    What nobody has looked at is drawn with equal chances, posts placed since the last run more often; each part
    counts by its size. "Cannot tell" counts neither way.
    """
    rows = grouped_by_machine(product)
    new = placed_singly(Run.objects.select_related("product").last_done(product))
    judged = (
        judgements_of(product)
        .filter(kind__in=[Kind.MEMBERSHIP, Kind.PLACEMENT], model_key=model_key)
        .exclude(verdict=Judgement.Verdict.UNSURE)
    )
    if language:
        rows, new = rows.filter(post__language=language), new.filter(post__language=language)
        judged = judged.filter(language=language)
    said = {
        (kind, verdict): count
        for kind, verdict, count in judged.order_by()
        .values_list("kind", "verdict")
        .annotate(count=Count("id"))
    }
    placed = new.count()
    sizes = {Kind.PLACEMENT: placed, Kind.MEMBERSHIP: rows.count() - placed}
    return measure(
        [
            Stratum(
                size,
                sum(said.get((kind, one), 0) for one in Judgement.Verdict.values),
                said.get((kind, Judgement.Verdict.SAME), 0),
            )
            for kind, size in sizes.items()
        ]
    )


@dataclass(frozen=True)
class Missed:
    """How many posts have their nearest outsider wrongly outside, of ``of``; None while too few pairs are judged."""

    value: float | None
    low: float
    high: float
    of: float
    judged: int
    missing: int

    @property
    def share(self) -> float | None:
        return self.value / self.of if self.value is not None and self.of else None

    @property
    def low_share(self) -> float | None:
        return self.low / self.of if self.of else None

    @property
    def high_share(self) -> float | None:
        return self.high / self.of if self.of else None


@dataclass(frozen=True)
class Band:
    """Pairs of about the same similarity: how many there are, and what people said of some."""

    start: float
    count: int
    judged: int
    same: int


def missed(product: Product, *, language: str = "") -> tuple[Missed, list[Band]]:
    """Return how many posts miss the company of their nearest outsider, and the bands it is counted by.

    With a ``language``, of the pairs that are both written in it.
    """
    model = current_model()
    bands = newest_sample(product).get("bands", [])
    if model is None or not bands:
        return Missed(None, 0.0, 0.0, 0.0, 0, ENOUGH), []
    answers: dict[int, list[bool]] = defaultdict(list)
    for score, same in pairs_judged(product, model.model_key, language=language):
        at = band_of(score, bands)
        if at is not None:
            answers[at].append(same)
    rows = [
        Band(
            float(band["from"]),
            int(band.get("by_language", {}).get(language, 0) if language else band["count"]),
            len(answers[at]),
            sum(answers[at]),
        )
        for at, band in enumerate(bands)
    ]
    judged = sum(row.judged for row in rows)
    total = stratified_total([Stratum(row.count, row.judged, row.same) for row in rows])
    missing = max(0, ENOUGH - judged)
    return Missed(
        None if missing else total.value, total.low, total.high, total.of, judged, missing
    ), rows


@dataclass(frozen=True)
class Corrections:
    """What people did to the machine's memberships by themselves: not a sample, since they look where it hurts.

    ``looked_at`` are confirmed or changed, ``changed`` left their ask by the team's word, ``contested`` by their
    author's; ``machine`` are all memberships the machine has made that stand or were changed.
    """

    looked_at: int
    changed: int
    contested: int
    machine: int
    contestable: int

    @property
    def of_looked_at(self) -> float | None:
        return self.changed / self.looked_at if self.looked_at else None

    @property
    def of_all(self) -> float | None:
        return self.changed / self.machine if self.machine else None

    @property
    def contest_rate(self) -> float | None:
        return self.contested / self.contestable if self.contestable else None


@dataclass(frozen=True)
class Said:
    """What somebody did to a membership of the machine's: "seen" and let it stand, "gone" by the team, or "contested" by its author."""

    what: str
    post: int
    ask: int
    at: dt.datetime


def cases(product: Product) -> list[Said]:
    """Return what people confirmed, changed and contested of the machine's memberships; undone words do not count."""
    standing = Decision.objects.filter(ask__product=product, undone_at__isnull=True)
    left = {
        (decision, post, ask)
        for decision, post, ask in Bond.objects.filter(
            kind=Bond.Kind.NOT_HERE, decision__in=standing
        ).values_list("decision", "post", "ask")
    }
    kinds = [Decision.Kind.CONFIRM, Decision.Kind.MOVE, Decision.Kind.SPLIT, Decision.Kind.CONTEST]
    rows = standing.filter(kind__in=kinds).values_list("pk", "kind", "before", "made_at")
    found = []
    for pk, kind, before, at in rows.iterator(chunk_size=200):
        for key, held in before.get("memberships", {}).items():
            if held is None or held["source"] != Ask.Source.MACHINE or held["is_confirmed"]:
                continue
            post, ask = int(key), int(held["ask_id"])
            if kind == Decision.Kind.CONTEST:
                found.append(Said("contested", post, ask, at))
                continue
            found.append(Said("seen", post, ask, at))
            if (pk, post, ask) in left:
                found.append(Said("gone", post, ask, at))
    return found


def corrections(product: Product, *, language: str = "") -> Corrections:
    """Return what people confirmed, changed and contested of the machine's memberships; undone words do not count."""
    done = cases(product)
    seen, gone, contested = (
        {(one.post, one.ask) for one in done if one.what == what}
        for what in ("seen", "gone", "contested")
    )
    machine = Membership.objects.filter(ask__product=product, source=Ask.Source.MACHINE)
    public = machine.filter(ask__state=Ask.State.PUBLIC)
    if language:
        here = _posts_in(language, {post for post, _ in seen | gone | contested})
        seen, gone, contested = (
            {case for case in cases if case[0] in here} for cases in (seen, gone, contested)
        )
        machine, public = (
            machine.filter(post__language=language),
            public.filter(post__language=language),
        )
    return Corrections(
        looked_at=len(seen),
        changed=len(gone),
        contested=len(contested),
        machine=machine.count() + len(gone | contested),
        contestable=public.count() + len(contested),
    )


def _posts_in(language: str, wanted: Iterable[int]) -> set[int]:
    """Return those of the posts that are written in ``language``."""
    rows = sorted(wanted)
    found: set[int] = set()
    for start in range(0, len(rows), 500):
        found.update(
            Post.objects.filter(pk__in=rows[start : start + 500], language=language).values_list(
                "pk", flat=True
            )
        )
    return found


@dataclass(frozen=True)
class Company:
    """How many posts share an ask with another, and how many have no ask at all."""

    posts: int
    in_company: int
    unplaced: int

    @property
    def alone(self) -> float | None:
        return (self.posts - self.in_company) / self.posts if self.posts else None

    @property
    def without_ask(self) -> float | None:
        return self.unplaced / self.posts if self.posts else None


def company(product: Product) -> dict[str, Company]:
    """Return the share of posts of ``product`` alone and unplaced by language, "" for all together.

    Languages that hardly anybody writes are left out.
    """
    posts = Counter(
        dict(grouped_posts(product).order_by().values_list("language").annotate(count=Count("id")))
    )
    held = Membership.objects.filter(
        ask__product=product, post__state=Post.State.PUBLISHED, post__board__is_grouped=True
    ).order_by()
    placed = Counter(dict(held.values_list("post__language").annotate(count=Count("id"))))
    live = held.filter(ask__state__in=OPEN, ask__post_count__gte=2)
    together = Counter(dict(live.values_list("post__language").annotate(count=Count("id"))))
    found = {
        language: Company(posts[language], together[language], posts[language] - placed[language])
        for language in sorted(posts)
        if posts[language] >= SPOKEN_FROM * posts.total()
    }
    found[""] = Company(
        sum(posts.values()), sum(together.values()), sum(posts.values()) - sum(placed.values())
    )
    return found


def calibration(product: Product) -> Calibration | None:
    """Return the calibrated threshold of ``product`` and the current model, if there is one."""
    model = current_model()
    if model is None:
        return None
    return product.calibrations.filter(model_key=model.model_key).first()


def readings(product: Product, *, days: int = 180) -> list[QualityReading]:
    """Return the newest daily readings of ``product``, oldest first."""
    return list(reversed(product.quality_readings.order_by("-day")[:days]))


@dataclass(frozen=True)
class PublicQuality:
    """What everyone may read: precision, contested, alone; None in a language with too few answers."""

    precision: Measure
    contested: float | None
    alone: float | None
    by_language: list[tuple[str, Measure]]


def public_quality(product: Product) -> PublicQuality | None:
    """Return what is shown to everyone of ``product``, or None before `ENOUGH_FOR_ALL` judgements."""
    model = current_model()
    if model is None:
        return None
    overall = precision(product, model.model_key)
    if overall.judged < ENOUGH_FOR_ALL:
        return None
    together = company(product)
    rows = [(one, precision(product, model.model_key, language=one)) for one in together if one]
    newest = product.quality_readings.order_by("-day").first()
    figures = newest.figures if newest is not None else {}
    return PublicQuality(
        precision=overall,
        contested=figures.get("all", {}).get("contested"),
        alone=together[""].alone,
        by_language=rows if len(rows) > 1 else [],
    )

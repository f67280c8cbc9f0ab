"""Which piece of the machine's work a person judges next: drawn at random, so that the answers measure."""

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Max, Min, OuterRef, QuerySet

from feedback.accounts.models import User
from feedback.asks.models import OPEN, Ask, Membership
from feedback.asks.queries import posts_of
from feedback.forum.models import Post, Product
from feedback.grouping.models import EncoderModel, Run
from feedback.grouping.vectors.encoders import current_model
from feedback.measure.models import Judgement, QualityReading

#: What a page asks for: whether a post belongs, or whether two posts apart ask for the same.
BELONGS, MISSED = "belongs", "missed"
#: Share of the draws among new posts while their threshold is not calibrated: there it needs answers most.
_NEW_SHARE = 0.5
#: Judged new posts that calibrate well; from then on every draw is over everything.
ENOUGH_NEW = 300
#: A new post that stayed alone is worth judging from this share of the threshold on.
NEARLY = 0.7
#: Pairs of each band that are judged before any band gets more.
_LEAST_OF_BAND = 2
#: Random numbers a draw tries before it counts, where it is worth trying: so many memberships are counted in no time.
_TRIES, _FEW = 30, 5_000


@dataclass(frozen=True)
class Case:
    """One piece of the machine's work: a post and an ask, or a post and another; ``score`` is the machine's."""

    kind: str
    post: Post
    ask: Ask | None
    other_post: Post | None
    score: float | None
    model_key: str


def grouped_by_machine(product: Product) -> QuerySet[Membership]:
    """Return the memberships in asks of ``product`` that the machine made and nobody has confirmed, in asks that are shown."""
    return Membership.objects.filter(
        ask__product=product,
        source=Ask.Source.MACHINE,
        is_confirmed=False,
        post__state=Post.State.PUBLISHED,
        ask__state__in=OPEN,
        ask__post_count__gte=2,
    )


def placed_singly(run: Run | None) -> QuerySet[Membership]:
    """Return those of `grouped_by_machine` that were placed as they came and that no run has looked at since."""
    if run is None or run.finished_at is None:
        return Membership.objects.none()
    return grouped_by_machine(run.product).filter(run_id=run.pk, placed_at__gt=run.finished_at)


def judgements_of(product: Product) -> QuerySet[Judgement]:
    """Return what was said of posts that are about ``product`` now."""
    return Judgement.objects.filter(post__board__product=product)


def judgements_of_new_posts(product: Product, model_key: str) -> QuerySet[Judgement]:
    """Return what was said of posts as they came: placed singly, or nearly; a threshold is learned from these alone."""
    return judgements_of(product).filter(
        kind__in=[Judgement.Kind.PLACEMENT, Judgement.Kind.CANDIDATE], model_key=model_key
    )


def not_judged(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """Return the memberships nobody has judged."""
    judged = Judgement.objects.filter(post=OuterRef("post"), ask=OuterRef("ask"))
    return rows.filter(~Exists(judged))


def nearly_placed(run: Run | None, model: EncoderModel) -> list[tuple[int, str, float]]:
    """Return (post, public id of the nearest ask, score) of new posts that stayed alone, but not by much."""
    if run is None or run.finished_at is None or run.threshold is None:
        return []
    # From the posts that came since, by their index: reading every placement of a large board takes a second.
    alone = (
        Post.objects.filter(
            board__product=run.product,
            state=Post.State.PUBLISHED,
            arrived_at__gt=run.started_at or run.requested_at,
            membership__isnull=True,
            placement__model_key=model.model_key,
            placement__looked_at__gt=run.finished_at,
        )
        .order_by("pk")
        .values_list("pk", "placement__candidates")
    )
    found = []
    for pk, candidates in alone:
        if candidates and candidates[0][1] >= NEARLY * run.threshold:
            found.append((pk, str(candidates[0][0]), float(candidates[0][1])))
    return found


def draw(*, product: Product, person: User, wanted: str) -> Case | None:
    """Return the next case of ``product`` for ``person``, or None when there is none left.

    The draw depends on the person and on how much they have judged: loading the page again shows the same case,
    so nobody can pass over the hard ones, and two people at once rarely meet.
    """
    model = current_model()
    if model is None:
        return None
    done = Judgement.objects.filter(person=person).count()
    chance = random.Random(f"{person.pk}:{done}:{wanted}")  # noqa: S311 (a sample, not a secret)
    if wanted == MISSED:
        return _pair(chance, product, model)
    return _belonging(chance, product, model)


def _belonging(chance: random.Random, product: Product, model: EncoderModel) -> Case | None:
    run = Run.objects.select_related("product").last_done(product)
    judged_new = judgements_of_new_posts(product, model.model_key).count()
    if judged_new < ENOUGH_NEW and chance.random() < _NEW_SHARE:
        case = _new(chance, run, model)
        if case is not None:
            return case
    case = _any(chance, not_judged(grouped_by_machine(product)), run, model)
    if case is None and judged_new < ENOUGH_NEW:
        # Nothing but posts that nearly joined is left: they are worth as much.
        case = _candidate(chance, run, model)
    return case


def _new(chance: random.Random, run: Run | None, model: EncoderModel) -> Case | None:
    """Draw among the posts that came since the run: two that were placed for one that nearly was."""
    case = _candidate(chance, run, model) if chance.random() < 1 / 3 else None
    return case or _any(chance, not_judged(placed_singly(run)), run, model)


def _candidate(chance: random.Random, run: Run | None, model: EncoderModel) -> Case | None:
    """Draw a post that nearly joined an ask, and that ask."""
    rows = nearly_placed(run, model)
    chance.shuffle(rows)
    for pk, public_id, score in rows[:40]:
        ask = Ask.objects.filter(public_id=public_id, state__in=OPEN).first()
        post = Post.objects.filter(pk=pk).first()
        if ask is None or post is None:
            continue
        if not Judgement.objects.filter(post=post, ask=ask).exists():
            return Case(Judgement.Kind.CANDIDATE, post, ask, None, score, model.model_key)
    return None


def _any(
    chance: random.Random, rows: QuerySet[Membership], run: Run | None, model: EncoderModel
) -> Case | None:
    """Draw one of ``rows``, each with the same chance.

    Most draws come from a handful of random numbers, of which the first that is one of ``rows`` wins; counting
    them all on a large board takes a second and is left for when most is judged or confirmed.
    """
    bounds = Membership.objects.aggregate(low=Min("pk"), high=Max("pk"))
    if bounds["low"] is None:
        return None
    row: Membership | None = None
    is_large = bounds["high"] - bounds["low"] >= _FEW
    for _ in range(_TRIES if is_large else 0):
        # One by one: asked for a hundred ids at once, SQLite reads the whole table.
        tried = rows.filter(pk=chance.randint(bounds["low"], bounds["high"]))
        row = tried.select_related("post", "ask").first()
        if row is not None:
            break
    if row is None:
        count = rows.count()
        if not count:
            return None
        row = rows.select_related("post", "ask").order_by("pk")[chance.randrange(count)]
    is_new = (
        run is not None
        and run.finished_at is not None
        and row.run_id == run.pk
        and row.placed_at > run.finished_at
    )
    kind = Judgement.Kind.PLACEMENT if is_new else Judgement.Kind.MEMBERSHIP
    return Case(kind, row.post, row.ask, None, row.score, row.model_key or model.model_key)


def newest_sample(product: Product) -> dict[str, Any]:
    """Return the pairs that the newest reading of ``product`` drew, by band of similarity; empty before the first."""
    reading = QualityReading.objects.filter(product=product).order_by("-day").first()
    sample = (reading.figures if reading is not None else {}).get("sample", {})
    return sample if isinstance(sample, dict) else {}


def _pair(chance: random.Random, product: Product, model: EncoderModel) -> Case | None:
    """Draw a pair of the band whose answer teaches most about the number of missed pairs."""
    sample = newest_sample(product)
    answered: Counter[int] = Counter()
    bands = sample.get("bands", [])
    for score, _same in pairs_judged(product, model.model_key):
        at = band_of(score, bands)
        if at is not None:
            answered[at] += 1
    order = sorted(range(len(bands)), key=lambda at: -_worth(bands[at], answered[at]))
    for at in order:
        pairs = list(bands[at]["pairs"])
        chance.shuffle(pairs)
        for one, other, similarity in pairs:
            case = _case_of_pair(int(one), int(other), float(similarity), model)
            if case is not None:
                return case
    return None


def band_of(score: float, bands: Sequence[dict[str, Any]]) -> int | None:
    """Return the number of the first band, from the likest down, that a pair of this similarity reaches."""
    return next((at for at, band in enumerate(bands) if score >= band["from"]), None)


def _worth(band: dict[str, Any], answers: int) -> float:
    """Return how much the next answer narrows the estimate (Neyman's allocation, one answer at a time).

    The share is guessed from the similarity and not from the answers: drawing where the answers scatter leaves a
    band alone once its first few were all "no", and the total comes out too low.
    """
    if answers < _LEAST_OF_BAND:
        return float("inf")
    rate = min(max(band["from"] - 0.25, 0.05), 0.9)
    return float(band["count"] * math.sqrt(rate * (1 - rate)) / (answers + 1))


def _case_of_pair(one: int, other: int, similarity: float, model: EncoderModel) -> Case | None:
    first, second = sorted([one, other])
    posts = Post.objects.filter(state=Post.State.PUBLISHED).in_bulk([first, second])
    if len(posts) < 2 or Judgement.objects.filter(post=first, other_post=second).exists():
        return None
    homes = dict(Membership.objects.filter(post__in=posts).values_list("post", "ask"))
    if homes.get(first) is not None and homes.get(first) == homes.get(second):
        return None
    return Case(Judgement.Kind.PAIR, posts[first], None, posts[second], similarity, model.model_key)


def pairs_judged(
    product: Product, model_key: str, *, language: str = ""
) -> list[tuple[float, bool]]:
    """Return (similarity, whether they ask for the same) of the pairs judged, "cannot tell" left out."""
    rows = (
        judgements_of(product)
        .filter(kind=Judgement.Kind.PAIR, model_key=model_key, score__isnull=False)
        .exclude(verdict=Judgement.Verdict.UNSURE)
    )
    if language:
        rows = rows.filter(language=language)
    return [
        (float(score), verdict == Judgement.Verdict.SAME)
        for score, verdict in rows.values_list("score", "verdict")
        if score is not None
    ]


def typical_posts(ask: Ask, *, besides: Post, limit: int = 2) -> list[Post]:
    """Return the posts that stand for ``ask``, the middle one first, without ``besides``."""
    rows = posts_of(ask).exclude(post=besides)
    first = rows.filter(post=F("ask__medoid")).first()
    others = list(rows.exclude(post=F("ask__medoid"))[:limit])
    found = ([first] if first is not None else []) + others
    return [row.post for row in found[:limit]]


def title_gives_away(case: Case) -> bool:
    """Whether the ask is named after the very post to judge: its title would answer the question."""
    ask = case.ask
    return (
        ask is not None and ask.medoid_id == case.post.pk and ask.title_source == Ask.Source.MACHINE
    )

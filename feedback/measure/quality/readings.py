"""Reading, once a day, how good the grouping is; and drawing the pairs that people may judge next."""

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction

from feedback.asks.models import Bond, Membership
from feedback.engine import Space
from feedback.forum.models import Product
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import EncoderModel, Run
from feedback.grouping.vectors.corpus import corpus_of
from feedback.grouping.vectors.encoders import current_model
from feedback.kernel import clock
from feedback.measure.models import QualityReading
from feedback.measure.quality import queries as quality

#: A board larger than this is read by so many of its posts, drawn at random.
LARGEST = 30_000
#: Posts whose nearest outsider is looked for.
ANCHORS = 3_000
#: Bands of similarity that missed pairs are counted by, from the likest down.
BANDS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, -1.0)
#: Pairs kept of each band, for people to judge.
KEPT = 60
#: A reading is taken anew on the same day when a run has finished since and it is this old.
AGAIN_AFTER = dt.timedelta(hours=1)


def is_due(product: Product, now: dt.datetime) -> bool:
    """Whether today has no reading of ``product`` yet, or one from before the newest run."""
    run = Run.objects.last_done(product)
    if run is None:
        return False
    today = product.quality_readings.filter(day=now.date()).first()
    if today is None:
        return True
    return (
        run.finished_at is not None
        and run.finished_at > today.taken_at
        and now - today.taken_at >= AGAIN_AFTER
    )


def take_reading(*, product: Product, now: dt.datetime) -> QualityReading | None:
    """Measure ``product`` today; returns None when it is done already or there is nothing to measure.

    One row a day: days on which nothing ran stay without. Computed outside any transaction; two workers at once
    write the same row one after the other. Only the newest reading keeps its drawn pairs.
    """
    model, run = current_model(), Run.objects.select_related("product").last_done(product)
    if model is None or run is None or not is_due(product, now):
        return None
    figures: dict[str, Any] = {"all": _figures(product, model, ""), "by_language": {}}
    together = quality.company(product)
    for language in (one for one in together if one):
        figures["by_language"][language] = _figures(product, model, language) | _shares(
            together[language]
        )
    figures["all"] |= _shares(together[""])
    figures |= _from_vectors(model, run, now=now)
    with transaction.atomic():
        reading, _ = QualityReading.objects.update_or_create(
            product=product,
            day=now.date(),
            defaults={
                "model_key": model.model_key,
                "figures": figures,
                "taken_at": clock.now(),
            },
        )
        readings = product.quality_readings.exclude(pk=reading.pk)
        for older in readings.filter(figures__has_key="sample"):
            older.figures.pop("sample")
            older.save(update_fields=["figures"])
        # Counted last: it needs the bands that this reading has just drawn.
        reading.figures["all"]["missed"] = _rounded(quality.missed(product)[0].share)
        for language, its in reading.figures["by_language"].items():
            its["missed"] = _rounded(quality.missed(product, language=language)[0].share)
        reading.save(update_fields=["figures"])
    return reading


def _figures(product: Product, model: EncoderModel, language: str) -> dict[str, Any]:
    """Return the shares of one language, or of all; None where too few answered."""
    right = quality.precision(product, model.model_key, language=language)
    people = quality.corrections(product, language=language)
    return {
        "precision": _rounded(right.value),
        "precision_low": _rounded(right.low),
        "precision_high": _rounded(right.high),
        "judged": right.judged,
        "looked_at": people.looked_at,
        "changed": people.changed,
        "corrected": _rounded(people.of_looked_at),
        "corrected_of_all": _rounded(people.of_all),
        "contests": people.contested,
        "contested": _rounded(people.contest_rate),
    }


def _shares(company: quality.Company) -> dict[str, Any]:
    return {
        "posts": company.posts,
        "alone": _rounded(company.alone),
        "unplaced": _rounded(company.without_ask),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


@dataclass(frozen=True)
class _Board:
    """Posts in the board's own space, with the ask each is in (-1: none)."""

    ids: np.ndarray
    vectors: np.ndarray
    homes: np.ndarray
    languages: np.ndarray
    whole: int


def _board(product: Product, model: EncoderModel, chance: random.Random) -> _Board:
    posts = grouped_posts(product)
    whole = posts.count()
    if whole > LARGEST:
        posts = posts.filter(
            pk__in=chance.sample(list(posts.values_list("pk", flat=True)), LARGEST)
        )
    corpus = corpus_of(posts, model=model)
    ids = np.array(corpus.ids, dtype=np.int64)
    if not len(ids):
        return _Board(ids, np.zeros((0, model.dims), np.float32), ids, ids, whole)
    space = Space.fit(corpus)
    vectors = space.transform(corpus.vectors, corpus.languages)
    home_of = dict(Membership.objects.values_list("post", "ask"))
    homes = np.array([home_of.get(int(pk), -1) for pk in ids], dtype=np.int64)
    return _Board(ids, vectors, homes, np.asarray(corpus.languages), whole)


def _from_vectors(model: EncoderModel, run: Run, *, now: dt.datetime) -> dict[str, Any]:
    """Return what takes the vectors: the nearest outsiders by band, and what the machine alone would say."""
    chance = random.Random(f"{now.date()}:{run.pk}")  # noqa: S311 (a sample, not a secret)
    board = _board(run.product, model, chance)
    if len(board.ids) < 2:
        return {}
    return {"sample": {"bands": _bands(board, chance)}, "agreement": _agreement(board, chance)}


def _bands(board: _Board, chance: random.Random) -> list[dict[str, Any]]:
    """Return, by band, how many posts have their nearest outsider that near, and some of those pairs.

    The unit is the post: one pair each, so a large ask cannot outweigh all others. Posts that somebody has said
    are apart are not asked about again, and count as rightly apart.
    """
    n = len(board.ids)
    rows = np.array(sorted(chance.sample(range(n), min(ANCHORS, n))))
    apart = {
        frozenset(pair)
        for pair in Bond.objects.filter(
            kind=Bond.Kind.APART, decision__undone_at__isnull=True
        ).values_list("post", "other_post")
    }
    found: list[list[list[float]]] = [[] for _ in BANDS]
    languages: list[Counter[str]] = [Counter() for _ in BANDS]
    for start in range(0, len(rows), 256):
        some = rows[start : start + 256]
        likeness = board.vectors[some] @ board.vectors.T
        same = (board.homes[some][:, None] == board.homes[None, :]) & (
            board.homes[some][:, None] >= 0
        )
        likeness[same] = -2.0
        likeness[np.arange(len(some)), some] = -2.0
        nearest = likeness.argmax(axis=1)
        for at, row in enumerate(some):
            value = float(likeness[at, nearest[at]])
            if value <= -2.0:
                continue
            one, other = int(board.ids[row]), int(board.ids[nearest[at]])
            if frozenset((one, other)) in apart:
                continue
            band = next(number for number, edge in enumerate(BANDS) if value >= edge)
            found[band].append([one, other, round(value, 4)])
            spoken = {str(board.languages[row]), str(board.languages[nearest[at]])}
            languages[band][spoken.pop() if len(spoken) == 1 else ""] += 1
    scale = board.whole / len(rows)
    return [
        {
            "from": edge,
            "count": round(len(pairs) * scale),
            "by_language": {one: round(count * scale) for one, count in spoken_in.items()},
            "pairs": chance.sample(pairs, min(KEPT, len(pairs))),
        }
        for edge, pairs, spoken_in in zip(BANDS, found, languages, strict=True)
        if pairs
    ]


def _agreement(board: _Board, chance: random.Random) -> dict[str, Any]:
    """Return how many posts that people put or left somewhere the machine alone would put there too.

    Each is taken out and offered to all asks, whatever the threshold; asks of one other post are not offered.
    """
    from feedback.engine.place.calibration import leave_one_out  # loads scipy; the web need not

    said = set(Membership.objects.filter(is_confirmed=True).values_list("post", flat=True))
    rows = [at for at, pk in enumerate(board.ids) if int(pk) in said]
    rows = sorted(chance.sample(rows, min(ANCHORS, len(rows))))
    asks, homes = np.unique(board.homes, return_inverse=True)
    homes = homes - 1 if len(asks) and asks[0] == -1 else homes
    offers = leave_one_out(board.vectors, homes, np.array(rows, dtype=np.int64))
    offered = offers.home >= 0
    agree = int((offers.home == homes[rows])[offered].sum()) if len(rows) else 0
    return {"agree": agree, "of": int(offered.sum())}

"""Drawing the map of a product after a run, outside any transaction; kept in one row."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback.asks.models import OPEN, Membership
from feedback.forum.models import Product
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import EncoderModel, Picture, Run
from feedback.grouping.vectors.corpus import corpora_of
from feedback.grouping.vectors.encoders import current_model


def draw_due(*, now: dt.datetime) -> int:
    """Draw the map of each product whose last run is newer than its map; return how many were drawn.

    Idempotent: two workers at once draw the same, and the last one is kept.
    """
    model = current_model()
    if model is None:
        return 0
    drawn = 0
    for product in Product.objects.order_by("pk"):
        run = Run.objects.last_done(product, model.model_key)
        kept = Picture.objects.filter(product=product).only("run_number", "model_key").first()
        if run is None or (kept is not None and kept.run_number >= run.pk):
            continue
        draw(product, model=model, run=run, now=now)
        drawn += 1
    return drawn


def draw(product: Product, *, model: EncoderModel, run: Run, now: dt.datetime) -> Picture:
    """Draw the map of ``product`` and keep it; asks that were on the last map stay where they are."""
    from feedback.engine.layout import picture as layout  # loads scikit-learn; the web need not

    posts = grouped_posts(product)
    ask_of = dict(
        Membership.objects.filter(post__in=posts, ask__state__in=OPEN).values_list("post", "ask")
    )
    asks = sorted(set(ask_of.values()))
    row_of = {ask: row for row, ask in enumerate(asks)}

    def _rows_in(ids: Sequence[Any]) -> NDArray[np.int64]:
        return np.array([row_of.get(ask_of.get(pk, 0), -1) for pk in ids], dtype=np.int64)

    sums = np.zeros((len(asks), model.dims), dtype=np.float32)
    counts = np.zeros(len(asks), dtype=np.int64)
    for corpus in corpora_of(posts, model=model):
        rows = _rows_in(corpus.ids)
        held = rows >= 0
        np.add.at(sums, rows[held], corpus.vectors[held])
        np.add.at(counts, rows[held], 1)
    means = np.asarray(sums / np.maximum(counts, 1)[:, None], np.float32)
    centres = layout.place_asks(means, counts, _last_centres(product, asks))
    ids: list[int] = []
    rows_of, angles, distances, loose = [], [], [], []
    for corpus in corpora_of(posts, model=model):
        keys = np.array(corpus.ids, dtype=np.int64)
        rows = _rows_in(corpus.ids)
        middle = means[rows] if len(asks) else np.zeros_like(corpus.vectors)
        angle, distance = layout.bearings(corpus.vectors, middle)
        place = np.zeros((len(keys), 2), dtype=np.float32)
        if len(asks) and (rows < 0).any():
            alone = rows < 0
            place[alone] = layout.between(corpus.vectors[alone], means, centres, seeds=keys[alone])
        ids += keys.tolist()
        rows_of.append(rows)
        angles.append(angle)
        distances.append(distance)
        loose.append(place)
    places = np.concatenate(loose) if loose else np.empty((0, 2), dtype=np.float32)
    if loose:
        rows, angle = np.concatenate(rows_of), np.concatenate(angles)
        distance = np.concatenate(distances)
        order = np.argsort(rows, kind="stable")
        starts = np.searchsorted(rows[order], np.arange(len(asks) + 1))
        for row, radius in enumerate(layout.radii(counts)):
            mine = order[starts[row] : starts[row + 1]]
            inside = layout.fill_disc(angle[mine], distance[mine], float(radius))
            places[mine] = centres[row] + inside
    kept, _ = Picture.objects.update_or_create(
        product=product,
        defaults={
            "model_key": model.model_key,
            "run_number": run.pk,
            "drawn_at": now,
            "asks": {
                str(ask): [round(float(x), 3), round(float(y), 3)]
                for ask, (x, y) in zip(asks, centres, strict=True)
            },
            "spots": np.array(ids, dtype="<i8").tobytes() + places.astype("<f4").tobytes(),
        },
    )
    return kept


def _last_centres(
    product: Product, asks: list[int]
) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    """Return where each ask stood on the last map, shape (n, 2); NaN where it was not on it."""
    kept = Picture.objects.filter(product=product).values_list("asks", flat=True).first() or {}
    gone = [float("nan")] * 2
    rows = [kept.get(str(ask), gone) for ask in asks]
    return np.array(rows, dtype=np.float32).reshape(-1, 2)

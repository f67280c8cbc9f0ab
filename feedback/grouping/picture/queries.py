"""Reading the map of a product: what is kept of it, with what stands and who may read it now."""

import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

from feedback.asks.models import OPEN, Ask
from feedback.forum.models import Product
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import Picture
from feedback.kernel.public_ids import LENGTH

_DAY = 86_400


@dataclass(frozen=True)
class OnMap:
    """An ask of the map with the asks that stand nearest to it."""

    ask: Ask
    near: list[Ask]


def is_drawn(product: Product) -> bool:
    """Whether there is a map of ``product``."""
    return Picture.objects.filter(product=product).exists()


def packed(product: Product) -> bytes:
    """Return the map of ``product`` for a browser, little-endian.

    The length of the head (4 bytes), the head as JSON padded to 4 bytes, then for n posts: x and y (float32, n x 2), the
    ask's place in the head from 1, 0 for none (uint32), the day since 1970 (uint32), people (uint32), and public ids
    (11 bytes each). Only posts that everybody may read are on it, as they stand now.
    """
    kept = Picture.objects.filter(product=product).first()
    centres: dict[str, list[float]] = kept.asks if kept is not None else {}
    spots = _spots(bytes(kept.spots)) if kept is not None else {}
    asks = list(
        Ask.objects.filter(product=product, state__in=OPEN, post_count__gt=0)
        .select_related("area")
        .order_by("-people_count", "id")
    )
    number = {ask.pk: at for at, ask in enumerate(asks, start=1)}
    places, of, days, people, names = [], [], [], [], []
    rows = grouped_posts(product).order_by("pk")
    for pk, name, posted_at, ask, votes in rows.values_list(
        "pk", "public_id", "posted_at", "membership__ask", "vote_count"
    ).iterator(chunk_size=5000):
        place = spots.get(pk) or centres.get(str(ask))
        if place is None:
            continue
        places.append(place)
        of.append(number.get(ask, 0))
        days.append(max(0, int(posted_at.timestamp()) // _DAY))
        people.append(max(1, votes))
        names.append(name)
    head = json.dumps({"posts": len(names), "asks": [_said(ask, centres) for ask in asks]}).encode()
    head += b" " * (-len(head) % 4)
    return b"".join(
        [
            struct.pack("<I", len(head)),
            head,
            np.array(places, dtype="<f4").tobytes(),
            *(np.array(column, dtype="<u4").tobytes() for column in (of, days, people)),
            "".join(name.ljust(LENGTH) for name in names).encode(),
        ]
    )


def _said(ask: Ask, centres: dict[str, list[float]]) -> dict[str, Any]:
    return {
        "id": ask.public_id,
        "title": ask.title_here,
        "people": ask.people_count,
        "posts": ask.post_count,
        "area": ask.area.name if ask.area is not None else "",
        "at": centres.get(str(ask.pk)),
    }


def _spots(data: bytes) -> dict[int, tuple[float, float]]:
    """Return where each post stands, by its primary key."""
    count = len(data) // 16
    keys = np.frombuffer(data, dtype="<i8", count=count).tolist()
    places = np.frombuffer(data, dtype="<f4", offset=8 * count).reshape(-1, 2).tolist()
    return {key: (x, y) for key, (x, y) in zip(keys, places, strict=True)}


def nearest_asks(product: Product, *, limit: int) -> list[OnMap]:
    """Return the ``limit`` asks of the map with most people, each with the three that stand nearest to it."""
    kept = Picture.objects.filter(product=product).values_list("asks", flat=True).first() or {}
    shown = Ask.objects.filter(product=product, state__in=OPEN, post_count__gt=0)
    asks = [
        ask
        for ask in shown.select_related("area").order_by("-people_count", "id")[: 2 * limit]
        if str(ask.pk) in kept
    ][:limit]
    if not asks:
        return []
    at = np.array([kept[str(ask.pk)] for ask in asks], dtype=np.float32)
    apart = np.linalg.norm(at[:, None] - at[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    order = np.argsort(apart, axis=1, kind="stable")[:, : min(3, len(asks) - 1)]
    return [OnMap(ask, [asks[one] for one in row]) for ask, row in zip(asks, order, strict=True)]

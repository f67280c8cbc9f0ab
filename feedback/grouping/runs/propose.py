"""What a run leaves for a person to decide: new asks, asks to join, posts to move."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from feedback.asks.models import GONE, Ask, Membership, Proposal
from feedback.grouping.models import Run

if TYPE_CHECKING:
    from feedback.engine import Corpus, Grouper

#: Two asks this near (as a share of the joining threshold) are shown to a person as perhaps one.
NEARLY = 0.92
MOST_JOIN_PROPOSALS = 40
#: Rows whose vectors are read at a time, and asks that are compared with all others at a time.
_ROWS_READ = 8_192
_ASKS_COMPARED = 512


def propose(
    grouper: "Grouper",
    corpus: "Corpus",
    *,
    offered: Iterable[tuple[str, int, Ask, Ask]],
    run: Run,
    now: dt.datetime,
) -> None:
    """Write the proposals, and close those that no longer hold.

    ``offered`` are (public id, primary key, ask, other ask) of posts that a person may want to move. Lock contract:
    as `apply_grouping`.
    """
    _propose_new(run=run, now=now)
    Proposal.objects.filter(
        Q(ask__state__in=GONE) | Q(other_ask__state__in=GONE), state=Proposal.State.OPEN
    ).update(state=Proposal.State.STALE, decided_at=now)
    for public_id, pk, origin, target in offered:
        _propose(
            Proposal.Kind.MOVE,
            f"move:{public_id}:{origin.public_id}:{target.public_id}",
            run=run,
            now=now,
            ask=origin,
            other_ask=target,
            post_id=pk,
            people_count=1,
        )
    _propose_joins(grouper, corpus, run=run, now=now)


def _propose_new(*, run: Run, now: dt.datetime) -> None:
    new = Proposal.objects.filter(kind=Proposal.Kind.NEW_ASK)
    known = set(new.values_list("ask", flat=True))
    Proposal.objects.bulk_create(
        [
            Proposal(
                kind=Proposal.Kind.NEW_ASK,
                fingerprint=f"new:{ask.public_id}",
                ask=ask,
                people_count=ask.people_count,
                run_id=run.pk,
                proposed_at=now,
            )
            for ask in Ask.objects.proposed().filter(product=run.product)
            if ask.pk not in known
        ],
        batch_size=500,
    )
    new.filter(state=Proposal.State.STALE, ask__state=Ask.State.PROPOSED).update(
        state=Proposal.State.OPEN, decided_by=None, decided_at=None
    )


def _propose_joins(grouper: "Grouper", corpus: "Corpus", *, run: Run, now: dt.datetime) -> None:
    """Propose to join asks that stand nearly as close as the posts of one ask do."""
    row = {int(pk): at for at, pk in enumerate(corpus.ids)}
    rows: dict[int, list[int]] = defaultdict(list)
    for pk, ask_id in Membership.objects.values_list("post", "ask"):
        if pk in row:
            rows[ask_id].append(row[pk])
    here = Ask.objects.open().filter(product=run.product)
    asks = [ask for ask in here if len(rows[ask.pk]) > 1]
    if len(asks) < 2:
        return
    ranked = _nearest_pairs(
        _means(grouper, corpus, [rows[ask.pk] for ask in asks]),
        floor=NEARLY * float(grouper.threshold_),
        count=MOST_JOIN_PROPOSALS,
    )
    for score, a, b in ranked:
        first, second = asks[a], asks[b]
        if (second.is_public, second.people_count, -second.pk) > (
            first.is_public,
            first.people_count,
            -first.pk,
        ):
            first, second = second, first
        _propose(
            Proposal.Kind.JOIN,
            "join:" + ":".join(sorted([first.public_id, second.public_id])),
            run=run,
            now=now,
            ask=first,
            other_ask=second,
            people_count=first.people_count + second.people_count,
            evidence={"similarity": round(score, 3)},
        )


def _propose(
    kind: Proposal.Kind, fingerprint: str, *, run: Run, now: dt.datetime, **values: object
) -> None:
    proposal, made = Proposal.objects.get_or_create(
        fingerprint=fingerprint,
        defaults={"kind": kind, "run_id": run.pk, "proposed_at": now, **values},
    )
    if not made and proposal.state == Proposal.State.STALE:
        Proposal.objects.filter(pk=proposal.pk).update(
            state=Proposal.State.OPEN, decided_by=None, decided_at=None
        )


def _means(
    grouper: "Grouper", corpus: "Corpus", groups: Collection[list[int]]
) -> NDArray[np.float32]:
    """Return the mean vector (d,) of each group of rows, reading so many rows at a time."""
    flat = np.concatenate([np.asarray(rows, dtype=np.int64) for rows in groups])
    owner = np.repeat(np.arange(len(groups)), [len(rows) for rows in groups])
    sums = np.zeros((len(groups), corpus.vectors.shape[1]), dtype=np.float32)
    for start in range(0, len(flat), _ROWS_READ):
        some = flat[start : start + _ROWS_READ]
        vectors = grouper.space_.transform(
            corpus.vectors[some], [corpus.languages[row] for row in some]
        )
        np.add.at(sums, owner[start : start + _ROWS_READ], vectors)
    counts = np.array([len(rows) for rows in groups], dtype=np.float32)
    return sums / counts[:, None]


def _nearest_pairs(
    means: NDArray[np.float32], *, floor: float, count: int
) -> list[tuple[float, int, int]]:
    """Return up to ``count`` pairs (likeness, a, b) of rows of ``means`` that are at least ``floor`` alike.

    A slice of the square at a time: that of ten thousand asks weighs 400 MB.
    """
    best: list[tuple[float, int, int]] = []
    for start in range(0, len(means), _ASKS_COMPARED):
        likeness = means[start : start + _ASKS_COMPARED] @ means[start:].T
        found = np.argwhere(np.triu(likeness, k=1) >= floor)
        best += [(float(likeness[a, b]), start + int(a), start + int(b)) for a, b in found]
        best = sorted(best, reverse=True)[:count]
    return best

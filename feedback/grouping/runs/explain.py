"""What an ask says of itself: its summary, the parts inside it, and which posts say too little."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from feedback.asks.models import Ask, Membership, PlacementAttempt
from feedback.asks.titles import tidy
from feedback.engine import Keywords, Summaries
from feedback.forum.models import Post, Product
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import EncoderModel, Run

if TYPE_CHECKING:
    from feedback.engine import Corpus, Grouper
    from feedback.engine.describe.facets import Facet

#: Fewer posts are read in the time a summary takes.
SUMMARISED_FROM = 3
#: An ask with fewer posts is looked over at a glance; no more asks than this are looked into in a run.
FACETS_FROM = 25
MOST_LOOKED_INTO = 60
MOST_FACETS = 6
_CHUNK = 500


@dataclass(frozen=True)
class Explained:
    """What `explain` found, by the key of the engine's group; posts by primary key."""

    quotes: Mapping[str, Sequence[tuple[int, str]]] = field(default_factory=dict)
    facets: Mapping[str, Sequence["Facet"]] = field(default_factory=dict)
    #: Why each post that says too little does.
    idle: Mapping[int, str] = field(default_factory=dict)


def explain(grouper: "Grouper", corpus: "Corpus") -> Explained:
    """Summarise the groups of a fitted ``grouper`` and look into the large ones. Reads and writes nothing.

    It belongs outside the transaction that applies the grouping: a large board takes seconds.
    """
    from feedback.engine.describe.facets import facets  # loads scipy; the web need not

    row_of = {int(pk): row for row, pk in enumerate(corpus.ids)}
    asks = [group for group in grouper.groups_ if not group.boilerplate]
    summaries = Summaries(corpus, Keywords(corpus))
    quotes = {}
    for group in asks:
        if len(group) >= SUMMARISED_FROM:
            rows = [row_of[int(pk)] for pk in group.members]
            found = summaries.of(rows, grouper.scores_[rows], title=group.title)
            quotes[group.key] = [(int(one.post), one.sentence) for one in found]
    large = sorted(
        (group for group in asks if len(group) >= FACETS_FROM),
        key=lambda group: (-len(group), group.key),
    )
    inside: dict[str, Sequence[Facet]] = {}
    for group in large[:MOST_LOOKED_INTO]:
        parts = facets(corpus, group.members, space=grouper.space_)[:MOST_FACETS]
        if parts:
            inside[group.key] = parts
    return Explained(quotes, inside, _idle(grouper, corpus))


def _idle(grouper: "Grouper", corpus: "Corpus") -> dict[int, str]:
    """Return why each post that says too little to be grouped does."""
    return {int(pk): kind for pk, kind in zip(corpus.ids, grouper.kinds_, strict=True) if kind}


def write_explained(
    explained: Explained,
    *,
    homes: Mapping[str, Ask],
    run: Run,
    model: EncoderModel,
    now: dt.datetime,
) -> None:
    """Store what was found: summaries, facets, and marks of posts that say too little.

    ``homes`` are the asks that the engine's groups became; one that a person changed since is taken as it is now. Lock
    contract: call in a transaction under `hold_grouping`, after the grouping was applied.
    """
    asks = {ask.pk: ask for ask in Ask.objects.open().filter(product=run.product)}
    held: dict[int, int] = dict(
        Membership.objects.filter(
            ask__product=run.product, post__state=Post.State.PUBLISHED
        ).values_list("post", "ask")
    )
    quoted = {pk for quotes in explained.quotes.values() for pk, _ in quotes}
    inside = {pk for parts in explained.facets.values() for part in parts for pk in part.members}
    names = _public_ids(quoted | {int(pk) for pk in inside})
    changed = []
    for key, home in homes.items():
        ask = asks.get(home.pk)
        if ask is None:
            continue
        quotes = [
            (names[pk], sentence)
            for pk, sentence in explained.quotes.get(key, ())
            if held.get(pk) == ask.pk and pk in names
        ]
        facets = _parts(explained, key, ask, held, names)
        summary = "\n".join(sentence for _, sentence in quotes)
        summary_from = [public_id for public_id, _ in quotes]
        if (summary, summary_from, facets) != (ask.summary, ask.summary_from, ask.facets):
            ask.summary, ask.summary_from, ask.facets = summary, summary_from, facets
            changed.append(ask)
    Ask.objects.bulk_update(changed, ["summary", "summary_from", "facets"], batch_size=200)
    _mark_idle(explained.idle, product=run.product, model=model, now=now)


def _public_ids(pks: Iterable[int]) -> dict[int, str]:
    wanted = sorted(pks)
    names: dict[int, str] = {}
    for start in range(0, len(wanted), _CHUNK):
        names.update(
            Post.objects.filter(pk__in=wanted[start : start + _CHUNK]).values_list(
                "pk", "public_id"
            )
        )
    return names


def _parts(
    explained: Explained,
    key: str,
    ask: Ask,
    held: Mapping[int, int],
    names: Mapping[int, str],
) -> list[dict[str, Any]]:
    """Return the facets as they are kept; posts that left are out."""
    from feedback.engine.describe.facets import FEWEST_IN_FACET  # loads scipy; the web need not

    if ask.is_locked:
        return []
    parts = []
    for part in explained.facets.get(key, ()):
        posts = [
            names[int(pk)]
            for pk in part.members
            if held.get(int(pk)) == ask.pk and int(pk) in names
        ]
        if len(posts) >= FEWEST_IN_FACET:
            parts.append(
                {"title": tidy(part.title), "keywords": list(part.keywords), "posts": posts}
            )
    return parts if len(parts) > 1 else []


def _mark_idle(
    idle: Mapping[int, str], *, product: Product, model: EncoderModel, now: dt.datetime
) -> None:
    """Mark the posts that say too little, and take the mark from those that do not."""
    marked = dict(
        PlacementAttempt.objects.filter(post__board__product=product)
        .exclude(boilerplate="")
        .values_list("post", "boilerplate")
    )
    gone = sorted(pk for pk in marked if pk not in idle)
    wrong = sorted(pk for pk, why in idle.items() if marked.get(pk) != why)
    for start in range(0, len(gone), _CHUNK):
        PlacementAttempt.objects.filter(post__in=gone[start : start + _CHUNK]).update(
            boilerplate=""
        )
    for start in range(0, len(wrong), _CHUNK):
        some = wrong[start : start + _CHUNK]
        PlacementAttempt.objects.bulk_create(
            [
                PlacementAttempt(
                    post_id=pk,
                    content_hash=content_hash,
                    model_key=model.model_key,
                    boilerplate=idle[pk],
                    looked_at=now,
                )
                for pk, content_hash in grouped_posts()
                .filter(pk__in=some)
                .values_list("pk", "content_hash")
            ],
            update_conflicts=True,
            unique_fields=["post"],
            update_fields=["boilerplate"],
        )

"""Keeping the counts of asks true."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Max, Min, Sum

from feedback.asks.models import Ask, Membership, Proposal
from feedback.asks.titles import tidy
from feedback.forum.models import Post
from feedback.journal.models import Entry

_COUNTED = [
    "post_count", "first_post_at", "last_post_at", "people_count", "votes_elsewhere", "medoid_id", "title",
    "critical_count", "important_count", "nice_count",
]  # fmt: skip

_PEOPLE = """
SELECT ask_id, COUNT(*) FROM (
    SELECT m.ask_id AS ask_id, p.author_id AS person_id
    FROM asks_membership m JOIN forum_post p ON p.id = m.post_id
    WHERE p.state = 'PUBLISHED' AND m.ask_id IN ({ids})
    UNION
    SELECT m.ask_id, v.person_id
    FROM asks_membership m
    JOIN forum_post p ON p.id = m.post_id
    JOIN forum_vote v ON v.post_id = m.post_id
    WHERE p.state = 'PUBLISHED' AND m.ask_id IN ({ids})
) AS people GROUP BY ask_id
"""

#: How many people said how much it matters: each by the most that they said on any post of the ask.
_WEIGHTS = """
SELECT ask_id, weight, COUNT(*) FROM (
    SELECT m.ask_id AS ask_id, v.person_id AS person_id, MAX(
        CASE v.importance WHEN 'CRITICAL' THEN 3 WHEN 'IMPORTANT' THEN 2 ELSE 1 END
    ) AS weight
    FROM asks_membership m
    JOIN forum_post p ON p.id = m.post_id
    JOIN forum_vote v ON v.post_id = m.post_id
    WHERE p.state = 'PUBLISHED' AND v.importance <> '' AND m.ask_id IN ({ids})
    GROUP BY m.ask_id, v.person_id
) AS said GROUP BY ask_id, weight
"""
#: Nice to have, important and critical people, as an ask keeps them.
Weights = tuple[int, int, int]


def count_weights(ask_ids: Iterable[int]) -> dict[int, Weights]:
    """Return to how many people each ask is nice to have, important and critical, where anybody said so."""
    counted: dict[int, list[int]] = {}
    wanted = sorted(set(ask_ids))
    for start in range(0, len(wanted), 400):
        some = wanted[start : start + 400]
        marks = ", ".join(["%s"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(_WEIGHTS.format(ids=marks), some)
            for ask, weight, number in cursor.fetchall():
                counted.setdefault(ask, [0, 0, 0])[weight - 1] = number
    return {
        ask: (nice, important, critical) for ask, (nice, important, critical) in counted.items()
    }


def count_people(ask_ids: Iterable[int]) -> dict[int, int]:
    """Return how many people are behind each ask: authors and voters of its published posts, once each."""
    counted: dict[int, int] = {}
    wanted = sorted(set(ask_ids))
    for start in range(0, len(wanted), 400):
        some = wanted[start : start + 400]
        marks = ", ".join(["%s"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(_PEOPLE.format(ids=marks), [*some, *some])
            counted.update(cursor.fetchall())
    return counted


def recount(ask_ids: Iterable[int]) -> None:
    """Set the counts, dates and medoid of the given asks from what they hold.

    Counts are recomputed, never added to. Lock contract: holds the asks' rows, in the order of their ids,
    before it counts, so that no older count is written over a newer one.
    """
    wanted = sorted(set(ask_ids))
    for start in range(0, len(wanted), 400):
        with transaction.atomic():
            _recount(wanted[start : start + 400])


def _recount(some: list[int]) -> None:
    asks = list(Ask.objects.select_for_update().filter(pk__in=some).order_by("pk"))
    people = count_people(some)
    weights = count_weights(some)
    published = Membership.objects.filter(ask__in=some, post__state=Post.State.PUBLISHED)
    held = {
        row["ask"]: row
        for row in published.values("ask").annotate(
            posts=Count("id"),
            first=Min("post__posted_at"),
            last=Max("post__posted_at"),
            elsewhere=Sum("post__votes_elsewhere"),
        )
    }
    at_home = set(published.filter(post=F("ask__medoid")).values_list("ask", flat=True))
    changed = []
    for ask in asks:
        row: Any = held.get(ask.pk, {})
        before = [getattr(ask, name) for name in _COUNTED]
        ask.post_count = row.get("posts", 0)
        ask.first_post_at = row.get("first")
        ask.last_post_at = row.get("last")
        ask.people_count = people.get(ask.pk, 0)
        ask.votes_elsewhere = row.get("elsewhere", 0)
        ask.nice_count, ask.important_count, ask.critical_count = weights.get(ask.pk, (0, 0, 0))
        if ask.post_count and ask.pk not in at_home:
            _name_after_another(ask)
        if before != [getattr(ask, name) for name in _COUNTED]:
            changed.append(ask)
    Ask.objects.bulk_update(
        changed, [name.removesuffix("_id") for name in _COUNTED], batch_size=200
    )
    waiting = Proposal.objects.filter(
        ask__in=some, state=Proposal.State.OPEN, kind=Proposal.Kind.NEW_ASK
    )
    for proposal in waiting.exclude(people_count=F("ask__people_count")).select_related("ask"):
        proposal.people_count = proposal.ask.people_count
        proposal.save(update_fields=["people_count"])


def _name_after_another(ask: Ask) -> None:
    """Let another post stand for ``ask``: the one that did was hidden, withdrawn or has moved away.

    A title that the machine took from its words goes with it.
    """
    heir = (
        Membership.objects.filter(ask=ask, post__state=Post.State.PUBLISHED)
        .select_related("post")
        .order_by(F("score").desc(nulls_last=True), "post_id")
        .first()
    )
    if heir is not None:
        ask.medoid = heir.post
        if ask.title_source == Ask.Source.MACHINE:
            ask.title = tidy(heir.post.title)


def drifted() -> list[int]:
    """Return the ids of live asks whose kept counts differ from what they hold."""
    live = list(Ask.objects.there().values_list("pk", "post_count", "people_count"))
    people = count_people(pk for pk, _, _ in live)
    posts = dict(
        Membership.objects.filter(post__state=Post.State.PUBLISHED)
        .values_list("ask")
        .annotate(count=Count("id"))
    )
    return [
        pk
        for pk, post_count, people_count in live
        if posts.get(pk, 0) != post_count or people.get(pk, 0) != people_count
    ]


def weights_drifted() -> list[int]:
    """Return the ids of live asks that keep something else of their importance than their people say."""
    kept = Ask.objects.there().values_list("pk", "nice_count", "important_count", "critical_count")
    live = {pk: (nice, important, critical) for pk, nice, important, critical in kept}
    weights = count_weights(live)
    return [pk for pk, said in live.items() if weights.get(pk, (0, 0, 0)) != said]


def proposals_drifted() -> list[int]:
    """Return the ids of asks whose open proposal counts other people than they do."""
    waiting = Proposal.objects.filter(state=Proposal.State.OPEN, kind=Proposal.Kind.NEW_ASK)
    return list(waiting.exclude(people_count=F("ask__people_count")).values_list("ask", flat=True))


def recount_ask_of(entry: Entry) -> None:
    """Recount the ask of the post that an entry speaks of."""
    recount(Membership.objects.filter(post=entry.subject_id).values_list("ask", flat=True))

"""Keeping the counts of asks true."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, Min

from feedback.forum.models import Post
from feedback.insight.models import Ask, Membership, Proposal

_PEOPLE = """
SELECT ask_id, COUNT(*) FROM (
    SELECT m.ask_id AS ask_id, p.author_id AS person_id
    FROM insight_membership m JOIN forum_post p ON p.id = m.post_id
    WHERE p.state = 'PUBLISHED' AND m.ask_id IN ({ids})
    UNION
    SELECT m.ask_id, v.person_id
    FROM insight_membership m
    JOIN forum_post p ON p.id = m.post_id
    JOIN forum_vote v ON v.post_id = m.post_id
    WHERE p.state = 'PUBLISHED' AND m.ask_id IN ({ids})
) AS people GROUP BY ask_id
"""


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

    Lock contract: call inside the transaction of the change; counts are recomputed, never added to.
    """
    wanted = sorted(set(ask_ids))
    people = count_people(wanted)
    with transaction.atomic():
        for start in range(0, len(wanted), 400):
            some = wanted[start : start + 400]
            held = {
                row["ask"]: row
                for row in Membership.objects.filter(ask__in=some, post__state=Post.State.PUBLISHED)
                .values("ask")
                .annotate(
                    posts=Count("id"), first=Min("post__posted_at"), last=Max("post__posted_at")
                )
            }
            asks = list(Ask.objects.filter(pk__in=some))
            for ask in asks:
                row: Any = held.get(ask.pk, {})
                ask.post_count = row.get("posts", 0)
                ask.first_post_at = row.get("first")
                ask.last_post_at = row.get("last")
                ask.people_count = people.get(ask.pk, 0)
            Ask.objects.bulk_update(
                asks, ["post_count", "first_post_at", "last_post_at", "people_count"]
            )
        for proposal_id, ask_id in Proposal.objects.filter(
            ask__in=wanted, state=Proposal.State.OPEN, kind=Proposal.Kind.NEW_ASK
        ).values_list("pk", "ask"):
            Proposal.objects.filter(pk=proposal_id).update(people_count=people.get(ask_id, 0))


def drifted() -> list[int]:
    """Return the ids of live asks whose kept counts differ from what they hold. For `doctor`."""
    live = list(
        Ask.objects.exclude(state__in=[Ask.State.JOINED, Ask.State.RETIRED]).values_list(
            "pk", "post_count", "people_count"
        )
    )
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

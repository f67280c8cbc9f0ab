"""What would change our mind: a declined item says from how many people or votes on, and the worker watches."""

import datetime as dt

from django.db.models import Q, Sum

from feedback.asks.models import Ask
from feedback.asks.stages import Stage
from feedback.forum.models import Post
from feedback.measure.alerts.operations import raise_mind
from feedback.roadmap.models import Item
from feedback.roadmap.queries import count_people, live_ask_ids


def key_of(item: Item) -> str:
    """Return what an alert about ``item`` is called: what is declined again is watched again."""
    return f"{item.public_id}:{item.stage_changed_at:%Y%m%d%H%M%S}"


def counted(item: Item) -> tuple[int, int]:
    """Return how many people are behind the asks of ``item``, and how many votes their posts have."""
    return _counted(live_ask_ids(item))


def _counted(ask_ids: list[int]) -> tuple[int, int]:
    posts = Post.objects.filter(membership__ask__in=ask_ids, state=Post.State.PUBLISHED)
    votes = posts.aggregate(votes=Sum("vote_count"))["votes"] or 0
    return count_people(ask_ids), votes


def watch_minds(*, now: dt.datetime) -> int:
    """Tell the team of each declined item for which what would change its mind has come true; return how many are new.

    The alert comes first and is raised once: a worker that is killed in between raises it no second time.
    """
    told = 0
    watched = Item.objects.filter(
        Q(mind_people__isnull=False) | Q(mind_votes__isnull=False),
        stage=Stage.DECLINED,
        mind_reached_at=None,
    )
    for item in watched.order_by("pk"):
        ask_ids = live_ask_ids(item)
        people, votes = _counted(ask_ids)
        enough_people = item.mind_people is not None and people >= item.mind_people
        enough_votes = item.mind_votes is not None and votes >= item.mind_votes
        ask = Ask.objects.filter(pk__in=ask_ids).order_by("-people_count", "pk").first()
        if ask is None or not (enough_people or enough_votes):
            continue
        evidence = {
            "people": people,
            "votes": votes,
            "item": item.public_id,
            "title": item.title,
        }
        told += raise_mind(ask=ask, key=key_of(item), evidence=evidence, now=now)
        # Declined again meanwhile, it is watched again.
        same = Item.objects.filter(pk=item.pk, stage_changed_at=item.stage_changed_at)
        same.filter(stage=Stage.DECLINED).update(mind_reached_at=now)
    return told

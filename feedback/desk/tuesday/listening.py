"""The value of listening: do people who were told that it shipped come back more often than those who still wait?"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from feedback.accounts.models import Origin, User
from feedback.asks.models import Ask
from feedback.asks.stages import Stage
from feedback.engine.stats.intervals import Between, Share, difference, wilson
from feedback.forum.models import Comment, Post, Vote
from feedback.journal.verbs import Verb
from feedback.notify.models import Notice
from feedback.roadmap.models import Item, Release

#: Whoever writes, answers or votes within so long came back.
WITHIN = dt.timedelta(days=14)
#: People on each side from whom on a share says anything.
FEWEST = 20


@dataclass(frozen=True)
class Listening:
    """Who of those told of a release came back within `WITHIN`, and who of those who wait for something else."""

    told: Share
    waiting: Share
    ends_at: dt.datetime
    is_over: bool

    @property
    def difference(self) -> Between | None:
        """By how much more of the told came back; None while the time runs, and where there are too few people."""
        if not self.is_over or min(self.told.total, self.waiting.total) < FEWEST:
            return None
        return difference(self.told, self.waiting)

    @property
    def missing_told(self) -> int:
        """How many more told people it takes."""
        return max(0, FEWEST - int(self.told.total))

    @property
    def missing_waiting(self) -> int:
        """How many more waiting people it takes."""
        return max(0, FEWEST - int(self.waiting.total))


def listening(release: Release, *, now: dt.datetime) -> Listening | None:
    """Return what telling people of ``release`` brought; None where nobody was told.

    Both sides are people who have signed up here, since the moment the first of them was told: those who have a notice
    that an item of the release shipped, and those who by then had asked for or wanted something that has not.
    """
    items = Item.objects.filter(changelog_line__release=release)
    notices = Notice.objects.filter(
        entry__verb=Verb.ITEM_SHIPPED,
        entry__subject_type=Item._meta.label_lower,
        entry__subject_id__in=items.values("pk"),
    )
    since = notices.aggregate(at=Min("told_at"))["at"]
    if since is None:
        return None
    here = User.objects.filter(is_active=True, origin=Origin.SIGNED_UP)
    told = here.filter(pk__in=notices.values("person"))
    still = (
        Ask.objects.public()
        .filter(product=release.product_id)
        .exclude(stage__in=[Stage.SHIPPED, Stage.DECLINED])
    )
    posts = Post.objects.filter(
        membership__ask__in=still, state=Post.State.PUBLISHED, posted_at__lte=since
    )
    voted = Vote.objects.filter(
        post__membership__ask__in=still, post__state=Post.State.PUBLISHED, voted_at__lte=since
    )
    wait = here.filter(Q(pk__in=posts.values("author")) | Q(pk__in=voted.values("person")))
    wait = wait.exclude(pk__in=told.values("pk"))
    ends_at = since + WITHIN
    return Listening(
        told=_came_back(told, since, ends_at),
        waiting=_came_back(wait, since, ends_at),
        ends_at=ends_at,
        is_over=ends_at <= now,
    )


def _came_back(people: QuerySet[User], since: dt.datetime, until: dt.datetime) -> Share:
    """Return how many of ``people`` wrote, answered or voted between the two moments."""
    posted = Post.objects.filter(author=OuterRef("pk"), posted_at__gt=since, posted_at__lte=until)
    answered = Comment.objects.filter(
        author=OuterRef("pk"), posted_at__gt=since, posted_at__lte=until
    )
    voted = Vote.objects.filter(person=OuterRef("pk"), voted_at__gt=since, voted_at__lte=until)
    back = people.filter(Exists(posted) | Exists(answered) | Exists(voted))
    return wilson(back.count(), people.count())

"""Did it work: how often people ask for a thing before it shipped and after."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from feedback.asks.models import Membership
from feedback.engine.stats.intervals import Between, rate_ratio
from feedback.forum.models import Post
from feedback.roadmap.models import Item, ItemAsk
from feedback.roadmap.queries import followed

#: So far back and ahead posts are counted.
WINDOW = dt.timedelta(weeks=8)
#: Fewer days on a side, or fewer posts in all, say nothing.
FEWEST_DAYS, FEWEST_POSTS = 7.0, 5


@dataclass(frozen=True)
class Effect:
    """New posts of an item's asks before its release and after, in so many days each."""

    before: int
    days_before: float
    after: int
    days_after: float

    @property
    def ratio(self) -> Between | None:
        """How many times as many posts a day there are now; None where the data say nothing."""
        if self.missing_days or self.missing_posts:
            return None
        return rate_ratio(self.before, self.days_before, self.after, self.days_after)

    @property
    def missing_days(self) -> int:
        """How many more days it takes until the days after the release say something."""
        return max(0, ceil(FEWEST_DAYS - min(self.days_before, self.days_after)))

    @property
    def missing_posts(self) -> int:
        """How many more posts it takes."""
        return max(0, FEWEST_POSTS - self.before - self.after)

    @property
    def before_a_week(self) -> float:
        return 7 * self.before / self.days_before if self.days_before else 0.0

    @property
    def after_a_week(self) -> float:
        return 7 * self.after / self.days_after if self.days_after else 0.0

    @property
    def verdict(self) -> str:
        """ "fewer" or "more" where the bounds leave out "as many", "" where they do not or nothing is known."""
        ratio = self.ratio
        if ratio is None:
            return ""
        return "fewer" if ratio.high < 1 else "more" if ratio.low > 1 else ""


def effects(
    items: Sequence[Item], *, released_at: dt.datetime, now: dt.datetime
) -> Mapping[int, Effect]:
    """Return what each of ``items``, which shipped at ``released_at``, changed, by their ids.

    Posts count from the first one of its asks on, eight weeks back and ahead at most; who praises asks for nothing.
    """
    pairs = list(ItemAsk.objects.filter(item__in=items).values_list("item", "ask"))
    became = followed({ask for _, ask in pairs})
    posts = (
        Membership.objects.filter(
            ask__in=set(became.values()), post__state=Post.State.PUBLISHED, post__posted_at__lte=now
        )
        .exclude(post__kind=Post.Kind.PRAISE)
        .values_list("ask", "post__posted_at")
    )
    posted: dict[int, list[dt.datetime]] = defaultdict(list)
    for ask, at in posts:
        posted[ask].append(at)
    times: dict[int, list[dt.datetime]] = {item.pk: [] for item in items}
    for item, ask in {(item, became[ask]) for item, ask in pairs}:
        times[item] += posted[ask]
    return {item: _effect(at, released_at, now) for item, at in times.items()}


def _effect(posted: list[dt.datetime], released_at: dt.datetime, now: dt.datetime) -> Effect:
    begins = max(released_at - WINDOW, min(posted, default=released_at))
    begins = min(begins, released_at)
    ends = min(released_at + WINDOW, now)
    day = dt.timedelta(days=1)
    return Effect(
        before=sum(begins <= at < released_at for at in posted),
        days_before=(released_at - begins) / day,
        after=sum(released_at <= at <= ends for at in posted),
        days_after=max(0.0, (ends - released_at) / day),
    )

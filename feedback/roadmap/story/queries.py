"""What is told of somebody whose idea shipped."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from feedback.accounts.models import User
from feedback.forum.models import Post
from feedback.forum.products.queries import listed
from feedback.roadmap.models import ChangelogLine, Item
from feedback.roadmap.queries import live_ask_ids


@dataclass(frozen=True)
class Story:
    """One author, what they asked for first, and the line of the changelog that it became."""

    author: User
    post: Post
    line: ChangelogLine

    @property
    def others(self) -> int:
        """How many more people wanted it."""
        return max(0, self.line.people_count - 1)

    @property
    def asked_on(self) -> dt.date:
        return timezone.localdate(self.post.posted_at)

    @property
    def days(self) -> int:
        """Days from asking to the release."""
        return max(0, (self.line.release.release_date - self.asked_on).days)


def story_of(item: Item, author: User) -> Story | None:
    """Return the story of ``author`` and ``item``; None unless it has shipped and they wrote a post that asked for it.

    What was written once it had shipped did not ask for it, and neither does praise.
    """
    line = (
        ChangelogLine.objects.select_related("release__product", "item").filter(item=item).first()
    )
    if line is None or item.stage != "SHIPPED":
        return None
    post = (
        Post.objects.filter(
            author=author,
            membership__ask__in=live_ask_ids(item),
            state=Post.State.PUBLISHED,
            posted_at__lte=line.written_at,
        )
        .exclude(kind=Post.Kind.PRAISE)
        .order_by("posted_at", "pk")
        .first()
    )
    return Story(author, post, line) if post else None


#: Stories of one person that their page shows.
STORIES = 8


def stories_of(author: User) -> list[ChangelogLine]:
    """Return the lines of the changelog that ``author`` has a story of, the latest first, with items and releases."""
    asked = Post.objects.filter(author=author, state=Post.State.PUBLISHED).exclude(
        kind=Post.Kind.PRAISE
    )
    asked = asked.filter(posted_at__lte=OuterRef("written_at"))
    in_asks = asked.filter(membership__ask__item_link__item=OuterRef("item"))
    lines = ChangelogLine.objects.filter(
        Exists(in_asks), listed(None, "item__product"), item__stage="SHIPPED"
    )
    return list(
        lines.select_related("item", "release__product").order_by("-written_at", "-pk")[:STORIES]
    )

"""What the kinds of news about a post share."""

from collections.abc import Iterable

from django.urls import reverse

from feedback.forum.models import Post
from feedback.journal.models import Entry
from feedback.notify.groups import About
from feedback.notify.occasions import Facts
from feedback.notify.recipients import Audience, Topic, author_of


def recipients(entry: Entry) -> Iterable[Audience]:
    """Return who wrote the post."""
    return author_of(entry.data["post"])


def about(entry: Entry) -> list[Topic]:
    """Return the post, its board, and who did it."""
    found = Post.objects.filter(public_id=entry.data["post"]).values_list("pk", "board")
    topics: list[Topic] = []
    for post, board in found:
        topics += [(About.POST, post), (About.BOARD, board)]
    return [*topics, *([(About.PERSON, entry.actor_id)] if entry.actor_id else [])]


def thread(entry: Entry) -> str:
    """Return the thread of the post."""
    return f"post:{entry.data['post']}"


def url(kept: Facts) -> str:
    """Return the address of the post."""
    return reverse("forum:post-detail", args=[kept["post"]])

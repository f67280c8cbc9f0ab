"""Jobs of the forum."""

from django_tasks import task

from feedback.forum.moderation.holding import judging
from feedback.forum.polls.operations import tell_results
from feedback.forum.posts import drafts
from feedback.forum.search import index
from feedback.kernel import clock, doorbell


@task(queue_name=doorbell.QUICK)
def index_posts() -> None:
    """Bring the search index up to date, and come back at once while there is more."""
    if index.index_pending(limit=500) == 500:
        doorbell.ring(index_posts)


@task(queue_name=doorbell.QUICK)
def tidy_drafts() -> None:
    """Remove drafts that were sent long ago, and those nobody came back to, and who said what some days ago."""
    drafts.tidy(now=clock.now())
    judging.tidy(now=clock.now())


@task(queue_name=doorbell.QUICK)
def tell_poll_results() -> None:
    """Tell those who answered a poll that has closed since the last look."""
    tell_results(now=clock.now())

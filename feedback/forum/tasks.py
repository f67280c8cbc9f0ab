"""Jobs of the forum."""

from django_tasks import task

from feedback.forum.attachments import operations as attachments
from feedback.forum.attachments import storing
from feedback.forum.cards import keeping
from feedback.forum.closed import standing
from feedback.forum.moderation import waiting
from feedback.forum.moderation.holding import judging
from feedback.forum.moderation.outside import asking
from feedback.forum.polls.operations import tell_results
from feedback.forum.posts import drafts
from feedback.forum.renderings import keeping as renderings
from feedback.forum.search import index
from feedback.forum.translating.asking import translate_due
from feedback.forum.translating.operations import tidy as forget_translations
from feedback.identity import logo
from feedback.kernel import clock, doorbell


@task(queue_name=doorbell.QUICK)
def index_posts() -> None:
    """Bring the search index up to date, and come back at once while there is more."""
    if index.index_pending(limit=500) == 500:
        doorbell.ring(index_posts)


@task(queue_name=doorbell.QUICK)
def follow_boards() -> None:
    """Have the posts of boards that were closed or opened stand as their readers say."""
    standing.follow_boards(now=clock.now())


@task(queue_name=doorbell.QUICK)
def keep_renderings() -> None:
    """Keep what imported texts become, and every text after an upgrade that renders otherwise; come back while there is more."""
    if renderings.fill():
        doorbell.ring(keep_renderings)


@task(queue_name=doorbell.QUICK)
def tidy_drafts() -> None:
    """Remove drafts that were sent long ago, and those nobody came back to, and who said what some days ago."""
    drafts.tidy(now=clock.now())
    judging.tidy(now=clock.now())
    asking.tidy(now=clock.now())


@task(queue_name=doorbell.QUICK)
def tidy_files() -> None:
    """Give up files that nobody sent, take away those that were given up, and sweep one folder of the storage.

    Each hour another folder: within two days all were looked at.
    """
    now = clock.now()
    attachments.tidy(now=now)
    hour = int(now.timestamp()) // 3600
    storing.sweep(storing.SHARDS[hour % len(storing.SHARDS)], now=now)
    keeping.sweep(hour, now=now)
    logo.sweep(now=now)


@task(queue_name=doorbell.QUICK)
def tell_poll_results() -> None:
    """Tell those who answered a poll that has closed since the last look."""
    tell_results(now=clock.now())


@task(queue_name=doorbell.QUICK)
def tell_of_silence() -> None:
    """Tell the team, and whoever waits for it, of what nobody has decided about for a day."""
    waiting.tell_of_silence(now=clock.now())


@task(queue_name=doorbell.QUICK)
def tidy_translations() -> None:
    """Forget translations of what says something else by now, or is no longer shown."""
    forget_translations(now=clock.now())


@task(queue_name=doorbell.WEBHOOKS)
def translate() -> None:
    """Translate what somebody wants to read."""
    translate_due()


@task(queue_name=doorbell.WEBHOOKS)
def ask_checker() -> None:
    """Ask the outside checker about what new people wrote."""
    asking.ask_due()

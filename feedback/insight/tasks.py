"""Jobs of the insight room. Each makes the world look right; the queue is only a doorbell."""

import logging

from django_tasks import task

from feedback.insight.models import Membership
from feedback.journal.models import Entry
from feedback.kernel import clock, doorbell

logger = logging.getLogger(__name__)


@task(queue_name=doorbell.QUICK)
def embed_posts() -> None:
    """Embed posts that lack a vector, then have them placed. Waits quietly while the encoder is down."""
    from feedback.insight import operations
    from feedback.insight.encoder_client import EncoderDown

    limit = 256
    try:
        done = operations.embed_pending(now=clock.now(), limit=limit)
    except EncoderDown as reason:
        logger.info("Posts wait for the encoder: %s", reason)
        return
    if done:
        doorbell.ring(place_posts)
        doorbell.ring(embed_posts if done >= limit else regroup)


@task(queue_name=doorbell.QUICK)
def place_posts() -> None:
    """Place posts nobody has looked at."""
    from feedback.insight import operations

    limit = 256
    if operations.place_pending(now=clock.now(), limit=limit) == limit:
        doorbell.ring(place_posts)


@task(queue_name=doorbell.SLOW)
def try_model() -> None:
    """Have a model that is tried read the posts, compare it, and do what people said of models since.

    In the slow lane, so that a new post never waits behind it.
    """
    from feedback.insight import operations
    from feedback.insight.encoder_client import EncoderDown

    limit = 1024
    try:
        tried = operations.embed_beside(now=clock.now(), limit=limit)
    except EncoderDown as reason:
        logger.info("The model that is tried waits for its encoder: %s", reason)
        tried = None
    if tried is not None:
        model, done, is_complete = tried
        if is_complete:
            operations.compare_due(model, now=clock.now())
        elif done:
            doorbell.ring(try_model)
    operations.regroup_after_switch(now=clock.now())
    if operations.clear_removed():
        doorbell.ring(try_model)


@task(queue_name=doorbell.SLOW)
def regroup() -> None:
    """Regroup everything when asked or due."""
    from feedback.insight import operations

    if operations.regroup_due(now=clock.now()) is not None:
        doorbell.ring(place_posts)
        doorbell.ring(measure)


@task(queue_name=doorbell.SLOW)
def measure() -> None:
    """Read once a day how good the grouping is, find the threshold anew, and warn of what grows."""
    from feedback.insight.operations import alerting, calibrating, quality

    quality.take_reading(now=clock.now())
    calibrating.calibrate_when_judged(now=clock.now())
    alerting.raise_alerts_now_and_then(now=clock.now())


def recount_ask_of(entry: Entry) -> None:
    """Recount the ask of the post that an entry speaks of."""
    from feedback.insight import operations

    operations.recount(
        Membership.objects.filter(post=entry.subject_id).values_list("ask", flat=True)
    )


def embed_new_post(entry: Entry) -> None:
    """Ring for a post that was published or edited."""
    doorbell.ring(embed_posts)

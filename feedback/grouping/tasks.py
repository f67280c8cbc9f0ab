"""Jobs of the grouping room. Each makes the world look right; the queue is only a doorbell."""

import logging

from django_tasks import task

from feedback.encoder.client import EncoderDown
from feedback.forum.models import Product
from feedback.grouping.picture.operations import draw_due
from feedback.grouping.place.operations import place_pending
from feedback.grouping.runs.regroup import regroup_due
from feedback.grouping.runs.request import request_run
from feedback.grouping.trial.compare import compare_due
from feedback.grouping.trial.switch_model import regroup_after_switch
from feedback.grouping.vectors.embedding import clear_removed, embed_beside, embed_pending
from feedback.grouping.verdicts.learning import learn_verdicts
from feedback.journal.models import Entry
from feedback.kernel import clock, doorbell

logger = logging.getLogger(__name__)


@task(queue_name=doorbell.VECTORS)
def embed_posts() -> None:
    """Embed posts that lack a vector, then have them placed. Waits quietly while the encoder is down."""
    limit = 256
    try:
        done = embed_pending(now=clock.now(), limit=limit)
    except EncoderDown as reason:
        logger.info("Posts wait for the encoder: %s", reason)
        return
    if done:
        doorbell.ring(place_posts)
        doorbell.ring(embed_posts if done >= limit else regroup)


@task(queue_name=doorbell.VECTORS)
def place_posts() -> None:
    """Place posts nobody has looked at."""

    limit = 256
    if place_pending(now=clock.now(), limit=limit) == limit:
        doorbell.ring(place_posts)


@task(queue_name=doorbell.SLOW)
def try_model() -> None:
    """Have a model that is tried read the posts, compare it, and do what people said of models since.

    In the slow lane, so that a new post never waits behind it.
    """
    limit = 1024
    try:
        tried = embed_beside(now=clock.now(), limit=limit)
    except EncoderDown as reason:
        logger.info("The model that is tried waits for its encoder: %s", reason)
        tried = None
    if tried is not None:
        model, done, is_complete = tried
        if is_complete:
            compare_due(model, now=clock.now())
        elif done:
            doorbell.ring(try_model)
    regroup_after_switch(now=clock.now())
    if clear_removed():
        doorbell.ring(try_model)


@task(queue_name=doorbell.SLOW)
def regroup() -> None:
    """Regroup everything when asked or due."""

    if regroup_due(now=clock.now()) is not None:
        doorbell.ring(place_posts)
        doorbell.ring(draw_pictures)


@task(queue_name=doorbell.SLOW)
def draw_pictures() -> None:
    """Draw the map of every product that was grouped since it was drawn."""
    draw_due(now=clock.now())


def group_those_who_came(entry: Entry) -> None:
    """Place posts that came from another product, and group them with those that are there."""
    doorbell.ring(place_posts)
    request_run(product=Product.objects.get(pk=entry.subject_id), now=clock.now())


def embed_new_post(entry: Entry) -> None:
    """Ring for a post that was published or edited."""
    doorbell.ring(embed_posts)


@task(queue_name=doorbell.SLOW)
def learn_from_verdicts() -> None:
    """Learn from what the team removed and let stand, where it decided something since the last time."""
    learn_verdicts(now=clock.now())

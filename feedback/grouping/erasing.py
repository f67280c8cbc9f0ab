"""Erasing what the machine made of a product's posts, when the product itself is erased."""

import datetime as dt
from collections.abc import Collection

from feedback.forum.models import Post, Product
from feedback.grouping.models import Run, Vector
from feedback.journal import operations as journal
from feedback.kernel.batches import batches


def erase_runs(*, product: Product, now: dt.datetime) -> None:
    """Erase the runs of ``product`` with their questions. One that is under way ends without a result."""
    runs = Run.objects.filter(product=product)
    journal.forget(runs, now=now)
    runs.delete()


def erase_vectors(*, post_ids: Collection[int]) -> None:
    """Erase the vectors of these posts' words, where no other post says the same."""
    for some in batches(post_ids):
        words = set(Post.objects.filter(pk__in=some).values_list("content_hash", flat=True))
        elsewhere = Post.objects.filter(content_hash__in=words).exclude(pk__in=post_ids)
        words -= set(elsewhere.values_list("content_hash", flat=True))
        Vector.objects.filter(content_hash__in=words).delete()

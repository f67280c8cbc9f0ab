"""Erasing posts, and boards and a product that nobody has written about."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Count, F

from feedback.forum.models import Board, Post, Product
from feedback.forum.products.queries import forget_products
from feedback.forum.search import table
from feedback.journal import operations as journal
from feedback.kernel.batches import batches


def erase_posts(*, post_ids: Collection[int], now: dt.datetime) -> None:
    """Erase these posts with their comments, votes and rows in the search index.

    What holds on to a post in a higher room has to be gone: the asks that it stands for.
    """
    for some in batches(post_ids):
        posts = Post.objects.filter(pk__in=some)
        journal.forget(posts, now=now)
        table.delete(some)
        published = posts.filter(state=Post.State.PUBLISHED).values("board").annotate(n=Count("pk"))
        for row in published.order_by():
            Board.objects.filter(pk=row["board"]).update(post_count=F("post_count") - row["n"])
        posts.delete()


def erase_boards(*, boards: Collection[Board], now: dt.datetime) -> None:
    """Erase boards without posts; those inside them stand by themselves."""
    pks = [board.pk for board in boards]
    journal.forget(Board.objects.filter(pk__in=pks), now=now)
    Board.objects.filter(parent__in=pks).update(parent=None)
    Board.objects.filter(pk__in=pks).delete()


def erase_product(*, product: Product, now: dt.datetime) -> None:
    """Erase a product that nothing belongs to any more. Raises `ValueError` for the one every site has."""
    if product.is_default:
        raise ValueError("A site has one product at least.")
    products = Product.objects.filter(pk=product.pk)
    journal.forget(products, now=now)
    products.delete()
    forget_products()

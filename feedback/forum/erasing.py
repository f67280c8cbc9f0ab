"""Erasing posts, and boards and a product that nobody has written about."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Count, Exists, F, OuterRef

from feedback.accounts.claiming.queries import has_been_claimed
from feedback.accounts.models import Origin, User
from feedback.accounts.operations import came_from, erase_imported
from feedback.forum.closed.reading import SHOWN
from feedback.forum.models import Board, Comment, Post, Product, Vote
from feedback.forum.products.queries import forget_products
from feedback.forum.rights.operations import take_all
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
        shown = posts.filter(state__in=SHOWN).values("board").annotate(n=Count("pk"))
        for row in shown.order_by():
            Board.objects.filter(pk=row["board"]).update(post_count=F("post_count") - row["n"])
        posts.delete()


def erase_those_without_words(*, origin: str, after: int, limit: int) -> tuple[int, int]:
    """Erase some of the people whom an import brought from ``origin`` and of whom nothing is left here.

    Goes on behind the person ``after``; returns how many were erased, and the last of those looked at, 0 at the end.
    """
    people = User.objects.filter(came_from(origin), pk__gt=after, email=None)
    people = people.exclude(has_been_claimed())  # their next words are somebody's here
    looked = list(
        people.exclude(origin=Origin.SIGNED_UP).order_by("pk").values_list("pk", flat=True)[:limit]
    )
    theirs = (
        Post.objects.filter(author=OuterRef("pk")),
        Comment.objects.filter(author=OuterRef("pk")),
    )
    gone = User.objects.filter(pk__in=looked)
    for words in (*theirs, Vote.objects.filter(person=OuterRef("pk"))):
        gone = gone.exclude(Exists(words))
    pks = list(gone.values_list("pk", flat=True))
    erase_imported(pks)
    return len(pks), looked[-1] if looked else 0


def erase_boards(*, boards: Collection[Board], now: dt.datetime) -> None:
    """Erase boards without posts; those inside them stand by themselves."""
    pks = [board.pk for board in boards]
    take_all(boards=pks)
    journal.forget(Board.objects.filter(pk__in=pks), now=now)
    Board.objects.filter(parent__in=pks).update(parent=None)
    Board.objects.filter(pk__in=pks).delete()


def erase_product(*, product: Product, now: dt.datetime) -> None:
    """Erase a product that nothing belongs to any more. Raises `ValueError` for the one every site has."""
    if product.is_default:
        raise ValueError("A site has one product at least.")
    products = Product.objects.filter(pk=product.pk)
    take_all(products=[product.pk])
    journal.forget(products, now=now)
    products.delete()
    forget_products()

"""A sample goes in many short transactions, so that nobody waits for it; killed, it goes on with what is still there."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from functools import partial

from django.db.models import Model, QuerySet

from feedback.accounts.models import User
from feedback.accounts.operations import erase_people
from feedback.asks.coverage import forget_summaries
from feedback.asks.decisions.rehouse import leave_asks
from feedback.asks.erasing import asks_left_empty, erase_areas, erase_empty_asks
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask
from feedback.briefs.erasing import erase_briefs
from feedback.briefs.models import Brief
from feedback.forum.boards.operations import make_default_boards, put_board
from feedback.forum.erasing import erase_boards, erase_posts, erase_product
from feedback.forum.models import Board, Post, Product
from feedback.forum.posts.operations import put_post
from feedback.forum.products.operations import default_product
from feedback.grouping.erasing import erase_runs, erase_vectors
from feedback.kernel.batches import batches
from feedback.kernel.turns import turn
from feedback.measure.erasing import erase_measures
from feedback.notify.erasing import erase_notices
from feedback.roadmap.erasing import erase_items, erase_roadmap, unlink_asks
from feedback.roadmap.models import Item, Release
from feedback.sample.catalogue import Sample
from feedback.sample.people import posts_of, posts_of_others

#: Of what one transaction erases; each of them brings rows of its own.
AT_ONCE = 25
#: Where a real person's post goes, by its kind; suggestions where the kind has no board of its own.
_BOARD_OF_KIND = {Post.Kind.BUG: "bugs", Post.Kind.QUESTION: "questions"}
_BOARD_OF_THE_REST = "suggestions"


def carry_away(product: Product, *, by: User | None, now: dt.datetime) -> None:
    """Take everything away that the sample ``product`` brought, and it at last. Two may do it at once: each erases what it finds.

    Lock contract: each transaction under `hold_grouping`. A run that is under way ends without a result.
    """
    _in_stretches(posts_of_others(product), lambda some: _bring_home(some, product, by=by, now=now))
    briefs = Brief.objects.filter(product=product)
    _in_stretches(briefs, lambda some: erase_notices(of=Brief, pks=some))
    releases = Release.objects.filter(product=product)
    _in_stretches(releases, lambda some: erase_notices(of=Release, pks=some))
    _alone(lambda: erase_briefs(product=product, now=now))
    _in_stretches(Item.objects.filter(product=product), lambda some: _erase_items(some, now=now))
    _alone(lambda: erase_roadmap(product=product, now=now))
    _alone(lambda: erase_measures(product=product))
    _alone(lambda: erase_runs(product=product, now=now))
    _in_stretches(posts_of(product), lambda some: _erase_posts(some, now=now))
    _in_stretches(Ask.objects.filter(product=product), lambda some: _erase_asks(some, now=now))
    _alone(lambda: erase_areas(product=product, now=now))
    erase_people(origin=Sample(product.sample).source)
    _alone(lambda: _close(product, now=now))


def _alone(act: Callable[[], object]) -> None:
    """Do it in a transaction of its own."""
    with turn():
        hold_grouping()
        act()


def _in_stretches(rows: "QuerySet[Model]", act: Callable[[list[int]], object]) -> None:
    """Do it with some of ``rows`` at a time, by id, each in a transaction of its own; one that is gone by then is no more among them."""
    pks: Iterable[int] = rows.order_by().values_list("pk", flat=True)
    for some in batches(pks, AT_ONCE):
        there = rows.order_by().filter(pk__in=some).values_list("pk", flat=True)
        _alone(partial(_with_those, there, act))


def _with_those(there: Iterable[int], act: Callable[[list[int]], object]) -> None:
    act(list(there))


def _bring_home(
    pks: Collection[int], product: Product, *, by: User | None, now: dt.datetime
) -> None:
    """Take real people's posts out of the sample's asks, and off its boards to the site's own."""
    leave_asks(pks, now=now)
    posts = list(Post.objects.filter(pk__in=pks, board__in=_boards_of(product)))
    boards = {board.slug: board for board in make_default_boards(now)} if posts else {}
    for post in posts:
        slug = _BOARD_OF_KIND.get(Post.Kind(post.kind), _BOARD_OF_THE_REST)
        put_post(post=post, board=boards[slug], actor=by, now=now)


def _erase_items(pks: Collection[int], *, now: dt.datetime) -> None:
    erase_notices(of=Item, pks=pks)
    erase_items(pks=pks, now=now)


def _erase_posts(pks: Collection[int], *, now: dt.datetime) -> None:
    empty = asks_left_empty(pks, now=now)
    for model, gone in ((Post, pks), (Ask, empty)):
        erase_notices(of=model, pks=gone)
    unlink_asks(empty)
    erase_vectors(post_ids=pks)
    erase_empty_asks(ask_ids=empty, post_ids=pks, now=now)
    erase_posts(post_ids=pks, now=now)


def _erase_asks(pks: Collection[int], *, now: dt.datetime) -> None:
    erase_notices(of=Ask, pks=pks)
    unlink_asks(pks)
    erase_empty_asks(ask_ids=pks, post_ids=(), now=now)


def _boards_of(product: Product) -> list[Board]:
    """Return the boards that the sample brought. One that somebody put into another product is theirs."""
    slugs = [str(fields["slug"]) for fields in Sample(product.sample).boards]
    return list(Board.objects.filter(product=product, slug__in=slugs))


def _close(product: Product, *, now: dt.datetime) -> None:
    """Erase the product with its boards; those that people made in it are the site's own."""
    erase_boards(boards=_boards_of(product), now=now)
    home = default_product(now=now)
    for board in Board.objects.filter(product=product):
        put_board(board, home)
    erase_product(product=product, now=now)
    forget_summaries()

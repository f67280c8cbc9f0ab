"""Taking a sample away: everything it brought, and nothing that a real person wrote as a post.

What real people posted on its boards moves to the site's own boards, and boards that they made in its product stay,
as boards of the site's own product. Their comments and votes under the sample's posts go with those posts; `what_goes`
counts them, so that it is said before.
"""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.operations import erase_people
from feedback.accounts.permissions import by_administrator
from feedback.asks.coverage import forget_summaries
from feedback.asks.decisions.rehouse import leave_asks
from feedback.asks.erasing import asks_without, erase_asks
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask
from feedback.briefs.erasing import erase_briefs
from feedback.briefs.models import Brief
from feedback.forum.boards.operations import make_default_boards, put_board
from feedback.forum.erasing import erase_boards, erase_posts, erase_product
from feedback.forum.models import Board, Comment, Post, Product, Vote
from feedback.forum.posts.operations import put_post
from feedback.forum.products.operations import default_product
from feedback.grouping.erasing import erase_runs, erase_vectors
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal
from feedback.measure.erasing import erase_measures
from feedback.notify.erasing import erase_notices
from feedback.roadmap.erasing import erase_roadmap
from feedback.roadmap.models import Item, Release
from feedback.sample.catalogue import Sample

#: Where a real person's post goes, by its kind; suggestions where the kind has no board of its own.
_BOARD_OF_KIND = {Post.Kind.BUG: "bugs", Post.Kind.QUESTION: "questions"}
_BOARD_OF_THE_REST = "suggestions"


@dataclass(frozen=True)
class WhatGoes:
    """What taking a sample away does: what goes, and what of real people's goes or is kept."""

    posts: int
    people: int
    asks: int
    items: int
    kept_posts: int
    lost_comments: int
    lost_votes: int


def what_goes(product: Product) -> WhatGoes:
    """Return what taking the sample ``product`` away does."""
    posts, people = _posts_of(product), _people_of(product)
    return WhatGoes(
        posts=posts.count(),
        people=people.count(),
        asks=Ask.objects.filter(product=product).there().count(),
        items=Item.objects.filter(product=product).count(),
        kept_posts=_posts_of_others(product).count(),
        lost_comments=Comment.objects.filter(post__in=posts).exclude(author__in=people).count(),
        lost_votes=Vote.objects.filter(post__in=posts).exclude(person__in=people).count(),
    )


@by_administrator
def remove_sample(*, product: Product, actor: User, now: dt.datetime) -> WhatGoes:
    """Take the sample ``product`` away; see `take_away`."""
    return take_away(product=product, by=actor, now=now)


@transaction.atomic
def take_away(*, product: Product, by: User | None, now: dt.datetime) -> WhatGoes:
    """Take the sample ``product`` away, for ``by`` or for the operator at the command line; return what went.

    Raises `Refusal` for a product that is no sample. Lock contract: the product's row, then under `hold_grouping`;
    a run that is under way ends without a result.
    """
    hold_grouping()
    product = Product.objects.select_for_update().get(pk=product.pk)
    if not product.sample:
        raise Refusal(_("“%s” is a product of your own, and is not taken away.") % product.title)
    gone = what_goes(product)
    _bring_home(product, by=by, now=now)
    post_ids = list(_posts_of(product).values_list("pk", flat=True))
    ask_ids = asks_without(product, post_ids, now=now)
    items = list(Item.objects.filter(product=product).values_list("pk", flat=True))
    releases = list(Release.objects.filter(product=product).values_list("pk", flat=True))
    briefs = list(Brief.objects.filter(product=product).values_list("pk", flat=True))
    for model, pks in (
        (Post, post_ids),
        (Ask, ask_ids),
        (Item, items),
        (Release, releases),
        (Brief, briefs),
    ):
        erase_notices(of=model, pks=pks)
    erase_briefs(product=product, now=now)
    erase_roadmap(product=product, ask_ids=ask_ids, now=now)
    erase_measures(product=product)
    erase_runs(product=product, now=now)
    erase_vectors(post_ids=post_ids)
    erase_asks(product=product, ask_ids=ask_ids, post_ids=post_ids, now=now)
    erase_posts(post_ids=post_ids, now=now)
    erase_boards(boards=_boards_of(product), now=now)
    home = default_product(now=now)
    for board in Board.objects.filter(product=product):
        put_board(board, home)
    erase_people(origin=Sample(product.sample).source)
    journal.write(
        verb=Verb.SAMPLE_REMOVED,
        subject=home,
        actor_id=by.pk if by is not None else None,
        now=now,
        data={"sample": product.sample, "title": product.name, **asdict(gone)},
    )
    erase_product(product=product, now=now)
    transaction.on_commit(forget_summaries)
    return gone


def _people_of(product: Product) -> QuerySet[User]:
    source = Sample(product.sample).source
    return User.objects.filter(
        Q(origin_key__startswith=f"{source}:") | Q(origin_key__startswith=f"{source}#")
    )


def _posts_of(product: Product) -> QuerySet[Post]:
    """Return what the sample's people posted, wherever somebody has put it since."""
    return Post.objects.filter(author__in=_people_of(product))


def _boards_of(product: Product) -> list[Board]:
    """Return the boards that the sample brought. One that somebody put into another product is theirs."""
    slugs = [str(fields["slug"]) for fields in Sample(product.sample).boards]
    return list(Board.objects.filter(product=product, slug__in=slugs))


def _posts_of_others(product: Product) -> QuerySet[Post]:
    """Return what real people posted in the sample's product."""
    return Post.objects.filter(board__product=product).exclude(author__in=_people_of(product))


def _bring_home(product: Product, *, by: User | None, now: dt.datetime) -> None:
    """Take real people's posts out of the sample's asks, and off its boards to the site's own."""
    leave_asks(list(_posts_of_others(product).values_list("pk", flat=True)), now=now)
    posts = list(_posts_of_others(product).filter(board__in=_boards_of(product)))
    boards = {board.slug: board for board in make_default_boards(now)} if posts else {}
    for post in posts:
        slug = _BOARD_OF_KIND.get(Post.Kind(post.kind), _BOARD_OF_THE_REST)
        put_post(post=post, board=boards[slug], actor=by, now=now)

"""Taking a sample away: everything it brought, and nothing that a real person wrote as a post.

What real people posted on its boards moves to the site's own boards, and boards that they made in its product stay,
as boards of the site's own product. Their comments and votes under the sample's posts go with those posts; `what_goes`
counts them, so that it is said before.
"""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_administrator
from feedback.asks.models import Ask
from feedback.forum.models import Comment, Product, Vote
from feedback.forum.products.operations import default_product
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import doorbell
from feedback.kernel.refusals import Refusal
from feedback.roadmap.models import Item
from feedback.sample.leaving import carry_away
from feedback.sample.people import people_of, posts_of, posts_of_others


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
    posts, people = posts_of(product), people_of(product)
    return WhatGoes(
        posts=posts.count(),
        people=people.count(),
        asks=Ask.objects.filter(product=product).there().count(),
        items=Item.objects.filter(product=product).count(),
        kept_posts=posts_of_others(product).count(),
        lost_comments=Comment.objects.filter(post__in=posts).exclude(author__in=people).count(),
        lost_votes=Vote.objects.filter(post__in=posts).exclude(person__in=people).count(),
    )


@by_administrator
@transaction.atomic
def remove_sample(*, product: Product, actor: User, now: dt.datetime) -> WhatGoes:
    """Have the worker take the sample ``product`` away; return what goes. Raises `Refusal` for a product that is no sample."""
    goes = _begin(product, by=actor, now=now)
    doorbell.ring("sample.take_samples_away")
    return goes


def take_away(*, product: Product, by: User | None, now: dt.datetime) -> WhatGoes:
    """Take the sample ``product`` away, for ``by`` or for the operator at the command line; return what went.

    In many short transactions: see `carry_away`. Killed, the worker goes on with it. Raises `Refusal` for a product that is no sample.
    """
    with transaction.atomic():
        goes = _begin(product, by=by, now=now)
    carry_away(product, by=by, now=now)
    return goes


def go_on(*, now: dt.datetime) -> None:
    """Take every sample away that somebody asked to be rid of and that is still there, or a part of it."""
    for product in Product.objects.exclude(sample=""):
        if entry := _asked_for(product):
            by = User.objects.filter(pk=entry.actor_id or 0).first()
            carry_away(product, by=by, now=now)


def is_leaving(product: Product) -> bool:
    """Whether somebody asked to be rid of the sample ``product``, and it goes."""
    return _asked_for(product) is not None


def has_left(slug: str) -> bool:
    """Whether a sample that stood at ``slug`` was taken away, and nothing stands there now."""
    is_there = Product.objects.filter(slug=slug).exists()
    said = Entry.objects.filter(verb=Verb.SAMPLE_REMOVED, data__slug=slug)
    return not is_there and said.exists()


def _asked_for(product: Product) -> Entry | None:
    """Return the entry that says so; the product goes last, so as long as it is there something of it may be left."""
    return Entry.objects.filter(verb=Verb.SAMPLE_REMOVED, data__product=product.pk).first()


def _begin(product: Product, *, by: User | None, now: dt.datetime) -> WhatGoes:
    """Write down that it goes, once. Lock contract: the product's row."""
    product = Product.objects.select_for_update().get(pk=product.pk)
    if not product.sample:
        raise Refusal(_("“%s” is a product of your own, and is not taken away.") % product.title)
    goes = what_goes(product)
    if not is_leaving(product):
        journal.write(
            verb=Verb.SAMPLE_REMOVED,
            subject=default_product(now=now),
            actor_id=by.pk if by is not None else None,
            now=now,
            data={
                "sample": product.sample,
                "title": product.name,
                "product": product.pk,
                "slug": product.slug,
                **asdict(goes),
            },
        )
    return goes

"""Making and naming products."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.forum.closed.models import Readers
from feedback.forum.closed.standing import change_readers, hold_posts
from feedback.forum.models import NAME_LENGTH, Board, Product
from feedback.forum.products.queries import forget_products
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed, visible
from feedback.kernel.identity import site_name
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale, words_of

#: What the desk says of a product beside its name; its address stays.
EDITED = ("name_zh", "description", "description_zh", "position", "is_closed")


def default_product(*, now: dt.datetime) -> Product:
    """Return the product that is meant where none is named; the first call on a new site makes it."""
    with transaction.atomic():
        product, is_new = Product.objects.get_or_create(
            is_default=True,
            defaults={
                "slug": "main",
                "name": visible.cut(site_name(), NAME_LENGTH),
                "created_at": now,
            },
        )
        if is_new:
            _record(Verb.PRODUCT_MADE, product, actor=None, now=now)
    return product


@by_manager
@transaction.atomic
def make_product(*, slug: str, name: str, actor: User, now: dt.datetime, **more: Any) -> Product:
    """Make a product beside the one there is; ``more`` are fields of `EDITED`. Raises `Refusal`."""
    product, is_new = _make(slug, {"name": _named(name), **more}, actor=actor, now=now)
    if not is_new:
        raise Refusal(_("Another product has the address “%s” already.") % slug, status=422)
    return product


@transaction.atomic
def ensure_product(*, slug: str, name: str, now: dt.datetime, **more: Any) -> Product:
    """Return the product ``slug`` as it is, made when there is none; what a command does, which the operator alone can run.

    ``more`` are other fields of a new one.
    """
    product, _is_new = _make(slug, {"name": name, **more}, actor=None, now=now)
    return product


def _make(
    slug: str, fields: Mapping[str, Any], *, actor: User | None, now: dt.datetime
) -> tuple[Product, bool]:
    """Return the product ``slug`` and whether it is new: of two who make it at once, one does."""
    default_product(now=now)
    product, is_new = Product.objects.get_or_create(
        slug=slug, defaults={"created_at": now, **fields}
    )
    if is_new:
        _record(Verb.PRODUCT_MADE, product, actor=actor, now=now)
    return product, is_new


@by_manager
@transaction.atomic
def edit_product(
    *, product: Product, actor: User, now: dt.datetime, seen: str | None = None, **changed: Any
) -> Product:
    """Change what a product is called and where it stands: its name and fields of `EDITED`. Raises `Refusal`.

    Its address stays. ``seen`` is the mark of those that the actor began with: raises `StaleEdit` where they are others now.
    Closing it closes the boards that everybody reads; opened again, they stay closed until somebody opens each.

    Lock contract: what closing the boards holds, then the product's row.
    """
    if changed.get("is_closed"):
        _close_boards(product, actor=actor, now=now)
    product = Product.objects.select_for_update().get(pk=product.pk)
    refuse_stale(words_of(product, ("name", *EDITED)), seen=seen)
    product.name = _named(changed.pop("name", product.name))
    for name in EDITED:
        setattr(product, name, changed.get(name, getattr(product, name)))
    if product.is_closed:
        _refuse_open(product)
    product.save(update_fields=["name", *EDITED])
    _record(Verb.PRODUCT_EDITED, product, actor=actor, now=now)
    return product


def _close_boards(product: Product, *, actor: User, now: dt.datetime) -> None:
    """Have the team alone read the boards of ``product`` that everybody reads.

    Lock contract: of each board the rows of its first posts, then its own.
    """
    for open_board in Board.objects.filter(product=product, readers=Readers.EVERYONE):
        held = hold_posts(open_board, Readers.TEAM)
        board = Board.objects.select_for_update().get(pk=open_board.pk)
        change_readers(board, Readers.TEAM, held=held, actor_id=actor.pk, now=now)


def _refuse_open(product: Product) -> None:
    """Raise `Refusal` if ``product``, whose row is held, cannot be closed."""
    if product.is_default:
        raise Refusal(
            _(
                "The first product stays open, as what an address means that names none. Make another one for what only some may know of, or make the whole site private."
            ),
            status=422,
        )
    if Board.objects.filter(product=product, readers=Readers.EVERYONE).exists():
        raise Refusal(_("Somebody opened a board of this product meanwhile. Save it again."))


def _named(name: str) -> str:
    name = typed.line(name, most=NAME_LENGTH)
    if not name:
        raise Refusal(_("Give the product a name."), status=422)
    return name


def _record(verb: Verb, product: Product, *, actor: User | None, now: dt.datetime) -> None:
    transaction.on_commit(forget_products)
    journal.write(
        verb=verb,
        subject=product,
        actor_id=actor.pk if actor is not None else None,
        now=now,
        data={"slug": product.slug, "title": product.name},
    )

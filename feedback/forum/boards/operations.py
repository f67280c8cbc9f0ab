"""Making, changing and moving boards."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.forum.closed.models import Readers
from feedback.forum.closed.standing import change_readers, hold_posts
from feedback.forum.models import Allowed, Board, Product
from feedback.forum.products.operations import default_product
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale, words_of

_DEFAULTS: tuple[dict[str, object], ...] = (
    {
        "slug": "suggestions",
        "name": "Suggestions",
        "name_zh": "建议",
        "description": "What should the product do that it does not do yet?",
        "description_zh": "希望产品多点什么、改点什么？",
        "position": 10,
    },
    {
        "slug": "bugs",
        "name": "Bugs",
        "name_zh": "问题反馈",
        "description": "What is broken? The version and the steps help most.",
        "description_zh": "哪里不对劲？写上版本和操作步骤，最有帮助。",
        "position": 20,
    },
    {
        "slug": "questions",
        "name": "Questions",
        "name_zh": "提问",
        "description": "How does one do this? Others may know.",
        "description_zh": "不知道怎么用？来问问大家。",
        "position": 30,
    },
    {
        "slug": "announcements",
        "name": "Announcements",
        "name_zh": "公告",
        "description": "News from the team.",
        "description_zh": "来自团队的消息。",
        "position": 40,
        "posters": Allowed.TEAM,
        "is_grouped": False,
    },
)
#: What the desk changes of a board; its address stays, and moving it is another matter.
EDITED = (
    "name",
    "name_zh",
    "description",
    "description_zh",
    "parent",
    "position",
    "is_grouped",
    "asks_for_prompt",
    "posters",
    "commenters",
    "is_archived",
    "voters_seen_by",
    "readers",
)
#: Of these what is written with the board alone; who reads it its posts follow.
_WRITTEN = tuple(name for name in EDITED if name != "readers")


@transaction.atomic
def make_default_boards(now: dt.datetime) -> list[Board]:
    """Make the boards of a new site and return all four; a board that exists stays as it is."""
    product = default_product(now=now)
    return [_make(fields | {"product": product}, now=now)[0] for fields in _DEFAULTS]


@transaction.atomic
def make_board(
    *,
    slug: str,
    name: str,
    now: dt.datetime,
    product: Product | None = None,
    **more: Any,
) -> Board:
    """Make a board of ``product``, or return the one that has the slug already as it is: what a command does.

    None is the default product. ``more`` are fields of `EDITED`.
    """
    product = product or default_product(now=now)
    board, _is_new = _make({"slug": slug, "name": name, "product": product, **more}, now=now)
    return board


@by_manager
@transaction.atomic
def open_board(
    *, slug: str, name: str, product: Product, actor: User, now: dt.datetime, **more: Any
) -> Board:
    """Make a board of ``product``; ``more`` are fields of `EDITED`. Raises `Refusal` when the slug is taken."""
    fields = {"slug": slug, "name": name, "product": product, **more}
    _refuse_deep(more.get("parent"), product)
    board, is_new = _make(fields, now=now, actor=actor)
    if not is_new:
        raise Refusal(_("Another board has the address “%s” already.") % slug, status=422)
    return board


def _make(
    fields: Mapping[str, Any], *, now: dt.datetime, actor: User | None = None
) -> tuple[Board, bool]:
    """Return the board with this slug and whether it is new: of two who make it at once, one does.

    Of a closed product it is the team's, unless ``fields`` name others who read it. Lock contract: the product's row.
    """
    if _held(fields["product"]).is_closed:
        fields = {"readers": Readers.TEAM, **fields}
        _refuse_everyone(fields["readers"])
    board, is_new = Board.objects.get_or_create(slug=fields["slug"], defaults=fields)
    if is_new:
        _record(Verb.BOARD_MADE, board, actor=actor, now=now)
    return board, is_new


@by_manager
@transaction.atomic
def edit_board(
    *, board: Board, actor: User, now: dt.datetime, seen: str | None = None, **changed: Any
) -> Board:
    """Change what a board is called, where it stands, who reads it and who posts there: fields of `EDITED`. Raises `Refusal`.

    ``seen`` is the mark of those fields that the actor began with: raises `StaleEdit` where they are others now.

    Lock contract: the board's row; where its readers change, before it those of its first posts and after it the product's.
    """
    held = hold_posts(board, changed["readers"]) if "readers" in changed else []
    board = Board.objects.select_for_update().get(pk=board.pk)
    refuse_stale(words_of(board, EDITED), seen=seen)
    if not " ".join(str(changed.get("name", board.name)).split()):
        raise Refusal(_("Give the board a name."), status=422)
    _refuse_deep(changed.get("parent"), board.product, board)
    for name in _WRITTEN:
        if name in changed:
            setattr(board, name, changed[name])
    board.save(update_fields=_WRITTEN)
    if "readers" in changed:
        if _held(board.product).is_closed:
            _refuse_everyone(changed["readers"])
        change_readers(board, changed["readers"], held=held, actor_id=actor.pk, now=now)
    _record(Verb.BOARD_EDITED, board, actor=actor, now=now)
    return board


def _held(product: Product) -> Product:
    """Return ``product`` as it is, its row held: nobody closes or opens it before this transaction has ended."""
    return Product.objects.select_for_update(no_key=True).get(pk=product.pk)


def _refuse_everyone(readers: object) -> None:
    """Raise `Refusal` for a board of a closed product that everybody would read."""
    if readers == Readers.EVERYONE:
        raise Refusal(
            _("Not everybody can read a board of a closed product. Open the product first."),
            status=422,
        )


def _refuse_deep(parent: Board | None, product: Product, board: Board | None = None) -> None:
    """Raise `Refusal` when ``board``, a new one where it is None, cannot stand inside ``parent``: boards nest one level."""
    if parent is None:
        return
    is_top = parent.product_id == product.pk and parent.parent_id is None
    holds_others = board is not None and (parent.pk == board.pk or board.children.exists())
    if not is_top or holds_others:
        raise Refusal(
            _(
                "Boards nest one level deep: only one that holds no other can stand inside one that stands by itself."
            ),
            status=422,
        )


def put_board(board: Board, product: Product) -> None:
    """Write that ``board`` is one of ``product``, out of the board it stood in and without those inside it.

    `asks.decisions.rehouse.move_board` is how a person does it: the posts leave their asks. Raises `Refusal` for a board that
    everybody reads and a closed product. Lock contract: the product's row.
    """
    opened = Board.objects.filter(pk=board.pk, readers=Readers.EVERYONE)
    if _held(product).is_closed and opened.exists():
        raise Refusal(
            _(
                "Everybody reads this board, and the product is closed. Say first who reads the board."
            ),
            status=422,
        )
    Board.objects.filter(parent=board).update(parent=None)
    board.product, board.parent = product, None
    board.save(update_fields=["product", "parent"])


def nest_again(board: Board, *, parent_pk: int | None, inside: Collection[int]) -> None:
    """Put ``board``, which stands by itself, back into its parent and boards back into it, where they still fit."""
    tops = Board.objects.filter(product=board.product_id, parent=None)
    board.parent = tops.filter(pk=parent_pk).first() if parent_pk is not None else None
    board.save(update_fields=["parent"])
    back = list(tops.filter(pk__in=inside, children=None).values_list("pk", flat=True))
    Board.objects.filter(pk__in=back).update(parent=board)


def _record(verb: Verb, board: Board, *, actor: User | None, now: dt.datetime) -> None:
    journal.write(
        verb=verb,
        subject=board,
        actor_id=actor.pk if actor is not None else None,
        now=now,
        data={"slug": board.slug, "title": board.name},
    )

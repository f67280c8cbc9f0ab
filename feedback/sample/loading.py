"""Bringing a sample: its product, its boards and what people wrote there, by the operations that bring anything."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.asks.models import Ask, Membership
from feedback.forum.boards.operations import make_board
from feedback.forum.models import Board, Comment, Post, Product, Vote
from feedback.forum.products.operations import ensure_product
from feedback.importing import run
from feedback.importing.formats import Settings
from feedback.journal.models import Entry
from feedback.kernel.refusals import Refusal
from feedback.kernel.table_statistics import count_anew
from feedback.sample.catalogue import Sample
from feedback.sample.place.moments import Moments
from feedback.sample.place.replay import Place
from feedback.sample.removing import is_leaving

#: Happenings of a place between two reports of how far it has come.
_REPORT_EVERY = 50
#: What a place fills within its one transaction.
_GROWING = (User, Post, Vote, Comment, Ask, Membership, Entry)


@dataclass(frozen=True)
class Progress:
    """How far a sample has come, of what it is in all: bytes of a file, happenings in a place."""

    done: int
    size: int


@dataclass(frozen=True)
class Loaded:
    """What there is of a sample now."""

    product: Product
    posts: int


def is_loaded(name: str) -> bool:
    """Whether there is a product of the sample ``name``."""
    return Product.objects.filter(sample=name).exists()


def is_place(name: str) -> bool:
    """Whether the sample ``name`` comes whole, in one transaction, and not file by file."""
    return Sample(name).is_place


def load(
    *,
    name: str,
    now: dt.datetime,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Loaded:
    """Bring the sample ``name`` as a product of its own, or what is still missing of it.

    Files go on where they were cut short. A place comes in one transaction, so that nobody groups half a story: it
    is there, or not at all. Raises `Refusal` when its product's or a board's address is taken or it is being taken away, and
    what reading a broken file raises.
    """
    sample = Sample(name)
    with transaction.atomic():
        product, boards = _ground(sample, now=now)
        if sample.is_place and not Post.objects.filter(board__in=boards).exists():
            _live_through(sample, boards, now=now, on_progress=on_progress, is_stopped=is_stopped)
    for path, slug in sample.files:
        mapping = run.look_at_file(
            path, settings=Settings(time_zone=ZoneInfo(settings.TIME_ZONE)), now=now
        )
        run.import_file(
            mapping,
            board=next(board for board in boards if board.slug == slug),
            source=sample.source,
            rejects_path=settings.DATA_DIR / f"{sample.source}.rejects.csv",
            now=now,
            on_progress=lambda it: on_progress(Progress(it.position, it.size)),
            is_stopped=is_stopped,
        )
    return Loaded(product, Post.objects.filter(board__in=boards).count())


def _ground(sample: Sample, *, now: dt.datetime) -> tuple[Product, list[Board]]:
    """Return the product of ``sample`` and its boards, made where there are none. Raises `Refusal`."""
    product = ensure_product(**sample.product, sample=sample.name, now=now)
    if is_leaving(product):
        raise Refusal(_("It is being taken away. Bring it back once it is gone."))
    if product.sample != sample.name:
        raise Refusal(
            _("There is a product of your own at “%s”, where the sample would stand.")
            % product.slug
        )
    boards = [make_board(**fields, product=product, now=now) for fields in sample.boards]
    taken = [board.slug for board in boards if board.product_id != product.pk]
    if taken:
        raise Refusal(
            _("There is a board of another product at “%s”, where the sample's would stand.")
            % taken[0]
        )
    return product, boards


def _live_through(
    sample: Sample,
    boards: list[Board],
    *,
    now: dt.datetime,
    on_progress: Callable[[Progress], None],
    is_stopped: Callable[[], bool],
) -> None:
    """Do everything that is told of a place. Takes back all of it when it is stopped."""
    place = Place(
        sample.folder,
        source=sample.source,
        boards=boards,
        moments=Moments(now, ZoneInfo(settings.TIME_ZONE)),
        now=now,
    )
    happenings = place.happenings()
    stream = iter(happenings)
    done = counted = 0
    while some := list(islice(stream, _REPORT_EVERY)):
        if is_stopped():
            transaction.set_rollback(True)
            return
        for happening in some:
            happening.do()
        done += len(some)
        if done >= 2 * counted:
            count_anew(*_GROWING)
            counted = done
        on_progress(Progress(done, len(happenings)))
    place.come_to_rest()

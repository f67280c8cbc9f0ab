"""Two products on one site whose people ask for the same things."""

from collections.abc import Iterable
from functools import partial
from types import SimpleNamespace

import pytest

from feedback.encoder.models.base import Encoder
from feedback.encoder.models.registry import load_encoder
from feedback.forum.boards.operations import make_board
from feedback.forum.models import Board, Product
from feedback.forum.products.operations import default_product, ensure_product
from feedback.grouping.models import Run
from feedback.grouping.runs.regroup import regroup_due
from feedback.grouping.runs.request import request_run
from feedback.kernel import clock
from tests.cast import make_person, publish, suggestions
from tests.groups import QUICK, THEMES, embed_all, posts_by_theme, write_posts
from tests.shared import share


def make_notes() -> Product:
    """Return the second product, made when there is none."""
    made = ensure_product(slug="notes", name="Notes", now=clock.now())
    made.name_zh = "笔记"
    made.save(update_fields=["name_zh"])
    return made


def board_of(notes: Product) -> Board:
    """Return its board, made when there is none."""
    return make_board(slug="notes-ideas", name="Ideas", product=notes, now=clock.now())


def write_notes(board: Board) -> None:
    """Write the words of `THEMES` on the board of the second product too, by other people."""
    for at, titles in enumerate(THEMES.values()):
        for number, title in enumerate(titles):
            publish(make_person(f"Notes person {at}{number}"), title, board=board)


def group(products: Iterable[Product], encoder: Encoder) -> list[Run | None]:
    """Embed what is new and run the engine over each of ``products``."""
    embed_all(encoder)
    for one in products:
        request_run(product=one, now=clock.now())
    return [regroup_due(now=clock.now()) for _ in products]


def _both_grouped() -> None:
    product, notes = default_product(now=clock.now()), make_notes()
    write_posts(suggestions(product))
    write_notes(board_of(notes))
    group([product, notes], load_encoder(QUICK))


TWO = share("two_products", _both_grouped)


@pytest.fixture
def notes(product: Product) -> Product:
    """A second product beside the first."""
    return make_notes()


@pytest.fixture
def notes_board(notes: Product) -> Board:
    """Its board."""
    return board_of(notes)


@pytest.fixture
def two_products(
    product: Product, board: Board, notes: Product, notes_board: Board, spec: str
) -> SimpleNamespace:
    """The same words on the boards of both products, each grouped by a run of its own.

    ``main`` and ``notes`` are the posts by theme, ``regroup()`` runs the engine over both again.
    """
    regroup = partial(group, [product, notes], load_encoder(spec))
    if not TWO.is_there:
        write_posts(board)
        write_notes(notes_board)
        regroup()
    assert [run.state for run in Run.objects.all()] == [Run.State.DONE] * 2
    return SimpleNamespace(
        main=posts_by_theme(board), notes=posts_by_theme(notes_board), regroup=regroup
    )

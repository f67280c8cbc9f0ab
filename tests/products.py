"""Two products on one site whose people ask for the same things."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from feedback.forum.boards.operations import make_board
from feedback.forum.products.operations import ensure_product
from feedback.grouping.runs.regroup import regroup_due
from feedback.grouping.runs.request import request_run
from feedback.kernel import clock
from tests.groups import THEMES


@pytest.fixture
def notes(product: Any, now: Any) -> Any:
    """A second product beside the first."""
    made = ensure_product(slug="notes", name="Notes", now=now)
    made.name_zh = "笔记"
    made.save(update_fields=["name_zh"])
    return made


@pytest.fixture
def notes_board(notes: Any, now: Any) -> Any:
    """Its board."""
    return make_board(slug="notes-ideas", name="Ideas", product=notes, now=now)


@pytest.fixture
def two_products(
    posts: dict[str, list[Any]],
    product: Any,
    notes: Any,
    notes_board: Any,
    person: Callable[..., Any],
    publish: Callable[..., Any],
    embed: Callable[[], None],
) -> Any:
    """The same words on the boards of both products, each grouped by a run of its own.

    ``main`` and ``notes`` are the posts by theme, ``regroup()`` runs the engine over both again.
    """
    theirs = {
        theme: [
            publish(person(f"Notes person {at}{number}"), title, board=notes_board)
            for number, title in enumerate(titles)
        ]
        for at, (theme, titles) in enumerate(THEMES.items())
    }

    def regroup() -> list[Any]:
        embed()
        for one in (product, notes):
            request_run(product=one, now=clock.now())
        return [regroup_due(now=clock.now()), regroup_due(now=clock.now())]

    for run in regroup():
        assert run is not None
        assert run.state == "DONE"
    return SimpleNamespace(main=posts, notes=theirs, regroup=regroup)

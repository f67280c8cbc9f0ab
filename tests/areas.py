"""A board of sixteen asks in four parts, and the areas of it."""

from collections.abc import Callable
from functools import partial

import pytest

from feedback.asks.models import Area, Ask
from feedback.encoder.models.base import Encoder
from feedback.encoder.models.registry import load_encoder
from feedback.engine import Space
from feedback.forum.models import Board, Product
from feedback.forum.products.operations import default_product
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import Run
from feedback.grouping.runs.areas import arrange_areas
from feedback.grouping.vectors.corpus import corpus_of
from feedback.grouping.vectors.encoders import current_model
from feedback.kernel import clock
from tests.cast import make_ask, make_person, publish, suggestions
from tests.groups import QUICK, embed_all
from tests.shared import share

PARTS = {
    "battery": [
        "battery drains overnight",
        "battery percentage jumps",
        "battery charges slowly",
        "battery gets hot",
    ],
    "camera": [
        "camera blurs at night",
        "camera shutter is slow",
        "camera zoom shakes",
        "camera colours are pale",
    ],
    "keyboard": [
        "keyboard hides the send key",
        "keyboard loses words",
        "keyboard swipe is wrong",
        "keyboard emoji are missing",
    ],
    "wallpaper": [
        "wallpaper resets itself",
        "wallpaper is cropped",
        "wallpaper folder is empty",
        "wallpaper flickers black",
    ],
}


def write_parts(board: Board) -> dict[str, list[Ask]]:
    """Write the posts of `PARTS`, and make the asks of them; each has two posts by two people."""
    writers = [make_person("Cleo"), make_person("Dan")]
    return {
        part: [
            make_ask(
                publish(writers[0], f"The {title}", board=board),
                publish(writers[1], f"My {title} again", board=board),
                title=title,
                state="PROPOSED",
            )
            for title in titles
        ]
        for part, titles in PARTS.items()
    }


def arrange_all(product: Product, encoder: Encoder) -> object:
    """Arrange the asks that there are, as the end of a run does."""
    embed_all(encoder)
    model = current_model()
    assert model is not None
    corpus = corpus_of(grouped_posts(), model=model)
    run = Run.objects.create(product=product, state=Run.State.DONE, requested_at=clock.now())
    return arrange_areas(corpus, space=Space.fit(corpus), run=run)


def _parted() -> None:
    write_parts(suggestions(default_product(now=clock.now())))


def _arranged() -> None:
    _parted()
    arrange_all(default_product(now=clock.now()), load_encoder(QUICK))


PARTED, ARRANGED = share("parted", _parted), share("areas", _arranged)


@pytest.fixture
def parted(board: Board) -> dict[str, list[Ask]]:
    """The asks of the board by part, proposed by the machine."""
    if not (PARTED.is_there or ARRANGED.is_there):
        return write_parts(board)
    found = {ask.title: ask for ask in Ask.objects.select_related("medoid__author", "product")}
    return {part: [found[title] for title in titles] for part, titles in PARTS.items()}


@pytest.fixture
def arrange(product: Product, spec: str) -> Callable[[], object]:
    """Arrange the asks that there are, as the end of a run does."""
    return partial(arrange_all, product, load_encoder(spec))


@pytest.fixture
def areas(parted: dict[str, list[Ask]], arrange: Callable[[], object]) -> dict[str, Area]:
    """The area of each part after the first arrangement, by part."""
    if not ARRANGED.is_there:
        arrange()
    found = {}
    for part, asks in parted.items():
        for ask in asks:
            ask.refresh_from_db()
        homes = {ask.area for ask in asks if ask.area is not None}
        assert len(homes) == 1, (part, homes)
        found[part] = homes.pop()
    assert len({area.pk for area in found.values()}) == len(found)
    return found

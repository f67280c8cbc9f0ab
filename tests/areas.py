"""A board of sixteen asks in four parts, and the areas of it."""

from collections.abc import Callable
from typing import Any

import pytest

from feedback.kernel import clock

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


@pytest.fixture
def parted(
    person: Callable[..., Any], publish: Callable[..., Any], make_ask: Callable[..., Any]
) -> dict[str, list[Any]]:
    """The asks of the board by part, proposed by the machine; each has two posts by two people."""
    writers = [person("Cleo"), person("Dan")]
    return {
        part: [
            make_ask(
                publish(writers[0], f"The {title}"),
                publish(writers[1], f"My {title} again"),
                title=title,
                state="PROPOSED",
            )
            for title in titles
        ]
        for part, titles in PARTS.items()
    }


@pytest.fixture
def arrange(product: Any, embed: Callable[[], None]) -> Callable[[], Any]:
    """Arrange the asks that there are, as the end of a run does."""

    def run() -> Any:
        from feedback.engine import Space
        from feedback.forum.queries import grouped_posts
        from feedback.grouping.models import Run
        from feedback.grouping.runs.areas import arrange_areas
        from feedback.grouping.vectors.corpus import corpus_of
        from feedback.grouping.vectors.encoders import current_model

        embed()
        model = current_model()
        assert model is not None
        corpus = corpus_of(grouped_posts(), model=model)
        run = Run.objects.create(product=product, state=Run.State.DONE, requested_at=clock.now())
        return arrange_areas(corpus, space=Space.fit(corpus), run=run)

    return run


@pytest.fixture
def areas(parted: dict[str, list[Any]], arrange: Callable[[], Any]) -> dict[str, Any]:
    """The area of each part after the first arrangement, by part."""
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

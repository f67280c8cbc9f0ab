"""A place small enough to know by heart, beside the samples that come with Heed."""

from pathlib import Path

import pytest

from feedback.forum.models import Product
from feedback.kernel import clock
from feedback.sample import choosing
from feedback.sample.loading import load
from tests.shared import share

SMALL = Path(__file__).parent / "data"


def _choose(patch):
    patch.setattr(choosing, "DATA", SMALL)
    patch.setattr(choosing, "DEFAULT", "small")


def _bring():
    with pytest.MonkeyPatch.context() as patch:
        _choose(patch)
        load(name="small", now=clock.now())


KETTLE = share("kettle", _bring)


@pytest.fixture
def small(monkeypatch):
    """Have the one sample there is be the small place."""
    _choose(monkeypatch)


@pytest.fixture
def kettle(small, db):
    """The small place, loaded: its product."""
    if KETTLE.is_there:
        return Product.objects.get(sample="small")
    return load(name="small", now=clock.now()).product

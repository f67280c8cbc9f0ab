"""A place small enough to know by heart, beside the samples that come with Heed."""

from pathlib import Path

import pytest

from feedback.kernel import clock
from feedback.sample import choosing
from feedback.sample.loading import load

SMALL = Path(__file__).parent / "data"


@pytest.fixture
def small(monkeypatch):
    """Have the one sample there is be the small place."""
    monkeypatch.setattr(choosing, "DATA", SMALL)
    monkeypatch.setattr(choosing, "DEFAULT", "small")


@pytest.fixture
def kettle(small, db):
    """The small place, loaded: its product."""
    return load(name="small", now=clock.now()).product

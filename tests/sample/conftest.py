"""A place small enough to know by heart, beside the samples that come with Heed."""

from pathlib import Path

import pytest

from feedback.encoder.models.registry import load_encoder
from feedback.forum.models import Product
from feedback.grouping.runs.regroup import regroup_due
from feedback.grouping.runs.request import request_run
from feedback.kernel import clock
from feedback.measure.quality.readings import take_reading
from feedback.sample import choosing
from feedback.sample.loading import load
from tests.cast import administrator, known
from tests.groups import QUICK, embed_all
from tests.jobs import run_jobs
from tests.shared import share

SMALL = Path(__file__).parent / "data"


def _choose(patch):
    patch.setattr(choosing, "DATA", SMALL)
    patch.setattr(choosing, "DEFAULT", "small")


def _bring():
    with pytest.MonkeyPatch.context() as patch:
        _choose(patch)
        load(name="small", now=clock.now())


def _live_in():
    _bring()
    known("Ann")
    administrator()
    embed_all(load_encoder(QUICK))
    for product in Product.objects.all():
        request_run(product=product, now=clock.now())
    while regroup_due(now=clock.now()):
        pass
    take_reading(product=Product.objects.get(sample="small"), now=clock.now())
    run_jobs()


KETTLE, LIVED_IN = share("kettle", _bring), share("lived_in_kettle", _live_in)


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


@pytest.fixture
def lived_in_kettle(small, db):
    """The place after the machine has been there and a real person has looked around."""
    if not LIVED_IN.is_there:
        _live_in()
    return Product.objects.get(sample="small")

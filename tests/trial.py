"""A site on which another model is tried."""

import threading
from time import sleep

import numpy as np
import pytest

from feedback.asks.decisions.confirm import confirm_ask
from feedback.encoder.app import EncoderApp
from feedback.encoder.models.centred import CentredEncoder, Part
from feedback.encoder.models.hashing import HashingModel
from feedback.encoder.models.registry import describe, load_encoder
from feedback.grouping.models import Run
from tests.encoder.conftest import served

#: A model that reads, and groups otherwise.
OTHER = "first-letters"
COLUMNS = 40


class FirstLetters:
    """Posts that begin with the same letter are alike, whatever they ask for; a little of their words counts too."""

    dims = COLUMNS + 16

    def embed(self, texts):
        """Return raw vectors (n, dims) of ``texts``."""
        letters = np.zeros((len(texts), 16), dtype=np.float32)
        letters[np.arange(len(texts)), [ord(text[:1] or " ") % 16 for text in texts]] = 12.0
        return np.hstack([HashingModel(COLUMNS).embed(texts), letters])


def load(spec):
    """Load the encoder ``spec``."""
    if spec == OTHER:
        return CentredEncoder([Part("whole", FirstLetters(), {})], describe(OTHER).model_key)
    return load_encoder(spec)


@pytest.fixture(scope="session")
def both():
    """The address of an encoder process that serves two models, the second loaded when it is asked for."""
    app = EncoderApp("hashing", OTHER, load=load)
    loaded = threading.Event()
    app.start(loaded.set)
    with served(app) as url:
        assert loaded.wait(60)
        yield url, app


@pytest.fixture
def read_site(both, settings, posts, run_jobs):
    """The board of tests/groups.py, read and grouped by the worker with `hashing`."""
    settings.ENCODER, settings.ENCODER_URL = "hashing", both[0]
    run_jobs()
    assert Run.objects.get().state == "DONE"
    return posts


@pytest.fixture
def decided(read_site, ask_of, pia, now):
    """Somebody has confirmed two asks: from now on there is something at stake."""
    for theme in ("dark", "export"):
        confirm_ask(ask=ask_of(read_site[theme][0]), actor=pia, now=now)
    return read_site


@pytest.fixture
def trying(decided, settings, both, run_jobs):
    """Another model was named in HEED_ENCODER, has read everything and was compared."""
    settings.ENCODER = OTHER
    until_loaded(both[1], OTHER)
    run_jobs()
    return decided


def until_loaded(app, spec):
    """Have a sleeping model loaded, as the worker does by asking every few seconds."""
    model = app.models.named(spec)
    for _ in range(200):
        if app.models.asked(model) is not None:
            return
        sleep(0.05)
    raise AssertionError(f"{spec} is not loaded: {model.failure}")


def key_of(spec):
    """Return the model key of an encoder by its name."""
    return describe(spec).model_key

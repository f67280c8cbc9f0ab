"""A site on which another model is tried."""

import threading
from time import sleep

import numpy as np
import pytest
from django.test import override_settings

from feedback.asks.decisions.confirm import confirm_ask
from feedback.asks.models import Ask
from feedback.encoder.app import EncoderApp
from feedback.encoder.models.centred import CentredEncoder, Part
from feedback.encoder.models.hashing import HashingModel
from feedback.encoder.models.registry import describe, load_encoder
from feedback.forum.products.operations import default_product
from feedback.grouping.models import Run
from feedback.kernel import clock
from tests.cast import manager, suggestions
from tests.encoder.conftest import served
from tests.groups import THEMES, posts_by_theme, write_posts
from tests.jobs import run_jobs
from tests.shared import share

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
        _running.append((url, app))
        yield url, app
        _running.clear()


#: What `both` serves, for what tests share; it lives as long as they do.
_running = []


def _read():
    write_posts(suggestions(default_product(now=clock.now())))
    ((url, _app),) = _running
    with override_settings(ENCODER="hashing", ENCODER_URL=url):
        run_jobs()


def _decide():
    for theme in ("dark", "export"):
        ask = Ask.objects.get(memberships__post__title=THEMES[theme][0])
        confirm_ask(ask=ask, actor=manager(), now=clock.now())


def _try():
    _read()
    _decide()
    ((url, app),) = _running
    with override_settings(ENCODER=OTHER, ENCODER_URL=url):
        until_loaded(app, OTHER)
        run_jobs()


READ, TRIED = share("read_site", _read), share("trying", _try)


@pytest.fixture
def read_site(both, settings, board):
    """The board of tests/groups.py, read and grouped by the worker with `hashing`."""
    if not (READ.is_there or TRIED.is_there):
        _read()
    settings.ENCODER, settings.ENCODER_URL = "hashing", both[0]
    assert Run.objects.get().state == "DONE"
    return posts_by_theme(board)


@pytest.fixture
def decided(read_site):
    """Somebody has confirmed two asks: from now on there is something at stake."""
    if not TRIED.is_there:
        _decide()
    return read_site


@pytest.fixture
def trying(both, decided, settings):
    """Another model was named in HEED_ENCODER, has read everything and was compared."""
    settings.ENCODER = OTHER
    if not TRIED.is_there:
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

"""One encoder process, several models: found by name, loaded when asked for, given back when nobody asks."""

import time
from collections.abc import Callable, Iterator

import pytest

from feedback.encoder import serving
from feedback.encoder.app import EncoderApp
from feedback.encoder.client import EncoderClient, EncoderDown, EncoderRefused
from feedback.encoder.models.base import Encoder
from feedback.encoder.models.centred import CentredEncoder, Part
from feedback.encoder.models.hashing import HashingModel
from feedback.encoder.models.registry import describe, load_encoder
from tests.encoder.conftest import wait_until_ready
from tests.encoder.test_server_and_client import ask

Serve = Callable[[EncoderApp], str]

SMALL = "hashing-of-64-columns"


def load(spec: str) -> Encoder:
    if spec == SMALL:
        return CentredEncoder([Part("whole", HashingModel(64), {})], describe(SMALL).model_key)
    return load_encoder(spec)


@pytest.fixture
def app() -> EncoderApp:
    return EncoderApp("hashing", SMALL, load=load)


@pytest.fixture
def url(app: EncoderApp, serve: Serve) -> Iterator[str]:
    address = serve(app)
    wait_until_ready(EncoderClient(address, "hashing"))
    yield address


def states(url: str) -> dict[str, str]:
    _, health, _ = ask(url, "/health", method="GET")
    return {one["model"]: one["state"] for one in health["models"]}


def test_the_second_sleeps_until_somebody_asks_for_it(url: str) -> None:
    assert states(url) == {"hashing": "READY", SMALL: "ASLEEP"}
    client = EncoderClient(url, SMALL)
    with pytest.raises(EncoderDown) as down:
        client.health()
    assert down.value.loading
    wait_until_ready(client)
    assert states(url) == {"hashing": "READY", SMALL: "READY"}


def test_each_is_asked_by_name_or_key_and_answers_for_itself(url: str) -> None:
    wait_until_ready(EncoderClient(url, SMALL))
    for name, width in (("hashing", 1024), (SMALL, 64)):
        for asked in (name, describe(name).model_key):
            client = EncoderClient(url, asked)
            assert client.health().model_key == describe(name).model_key
            assert client.embed(["dark mode"]).shape == (1, width)
    _, answer, _ = ask(url, body={"input": "dark mode"})
    assert len(answer["data"][0]["embedding"]) == 1024
    with pytest.raises(EncoderRefused, match="hashing"):
        EncoderClient(url, "fused").health()


def test_what_nobody_asks_for_is_given_back_and_comes_again(
    app: EncoderApp, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_until_ready(EncoderClient(url, SMALL))
    old, new = app.models.all
    old.asked_at -= serving.KEPT + 1
    deadline = time.monotonic() + 10
    while old.encoder is not None:  # the worker asks for the one in force every few seconds
        assert EncoderClient(url, SMALL).health().dims == 64
        assert time.monotonic() < deadline
    assert states(url) == {"hashing": "ASLEEP", SMALL: "READY"}
    _, answer, _ = ask(url, body={"input": "dark mode"})
    assert len(answer["data"][0]["embedding"]) == 64  # who names none gets what is there
    wait_until_ready(EncoderClient(url, "hashing"))
    assert new.encoder is not None


def test_the_last_one_is_never_given_back(app: EncoderApp, url: str) -> None:
    app.models.all[0].asked_at -= serving.KEPT + 1
    assert app.models.idle() == []


def test_a_first_that_cannot_be_loaded_leaves_the_second_to_serve(serve: Serve) -> None:
    def broken(spec: str) -> Encoder:
        if spec == "use":
            raise RuntimeError("its package is gone")
        return load(spec)

    app = EncoderApp("use", "hashing", load=broken)
    url = serve(app)
    wait_until_ready(EncoderClient(url, "hashing"))
    assert app.failure is None
    with pytest.raises(EncoderDown, match="its package is gone") as down:
        EncoderClient(url, "use").health()
    assert not down.value.loading
    assert EncoderClient(url, "hashing").embed(["x"]).shape == (1, 1024)


def test_only_who_has_the_token_has_a_model_loaded(serve: Serve) -> None:
    url = serve(EncoderApp("hashing", SMALL, token="s3cret", load=load))
    wait_until_ready(EncoderClient(url, "hashing", token="s3cret"))
    assert ask(url, f"/health?model={SMALL}", method="GET")[0] == 401
    assert states(url)[SMALL] == "ASLEEP"
    wait_until_ready(EncoderClient(url, SMALL, token="s3cret"))


def test_one_spec_given_twice_is_one_model() -> None:
    assert len(EncoderApp("hashing", "hashing").models.all) == 1

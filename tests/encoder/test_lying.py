"""The client beside encoders that hang, drip or lie: there are no vectors then, and nothing else happens."""

import numpy as np
import pytest

from feedback.encoder import client as asking
from feedback.encoder.client import EncoderClient, EncoderDown
from feedback.ops.health import encoder_state
from tests.encoder.lying import Encoder, head, rows, served

#: Less than any of the dripping answers takes, by far.
SHORT = 0.3
GOOD = [0.6, 0.8]


def test_one_that_says_the_truth_is_believed() -> None:
    with served(Encoder(rows(GOOD))) as url:
        vectors = EncoderClient(url, "m", widths={"": 2}).embed(["x"])
    np.testing.assert_allclose(vectors, [GOOD], atol=1e-6)


@pytest.mark.parametrize("drips", ["head", "body"])
def test_a_dripping_answer_is_not_waited_for(drips: str) -> None:
    with (
        served(Encoder(rows(GOOD), drips=drips)) as url,
        pytest.raises(EncoderDown, match=r"no answer within 0\.3 s"),
    ):
        EncoderClient(url, "m").embed(["x"], timeout=SHORT)


def test_a_dripping_answer_is_not_waited_for_on_an_open_connection_either() -> None:
    encoder = Encoder()
    said = iter(["", "body"])

    def answer(link: object) -> None:
        for encoder.drips in said:
            encoder.said = rows(GOOD)
            Encoder.answer(encoder, link)  # type: ignore[arg-type]

    encoder.answer = answer  # type: ignore[method-assign]
    with served(encoder) as url:
        client = EncoderClient(url, "m")
        assert client.embed(["x"]).shape == (1, 2)
        with pytest.raises(EncoderDown, match="no answer within"):
            client.embed(["y"], timeout=SHORT)
    assert encoder.asked == 2


def test_one_that_hangs_is_not_waited_for() -> None:
    with served(Encoder()) as url, pytest.raises(EncoderDown, match="no answer within"):
        EncoderClient(url, "m").embed(["x"], timeout=SHORT)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (rows([0.6, 0.8, 0.0]), "3 numbers, not 2"),
        (rows([]), "0 numbers"),
        (rows(GOOD, GOOD), "asked for 1 vectors, got 2"),
        (rows(GOOD, indices=[7]), "asked for 1 vectors"),
        (rows(GOOD, indices=[float("inf")]), "cannot be read"),
        (rows([float("nan"), 0.8]), "not finite"),
        (rows([10**400, 0.8]), "cannot be read"),
        (rows("AACAPw=="), "1 numbers, not 2"),
        (rows("no base64"), "cannot be read"),
        ({"data": None}, "cannot be read"),
        ([1], "cannot be read"),
        ("vectors", "cannot be read"),
        ({}, "cannot be read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_vector_of_the_model_is_none(said: object, why: str) -> None:
    with served(Encoder(said)) as url, pytest.raises(EncoderDown, match=why):
        EncoderClient(url, "m", widths={"": 2}).embed(["x"])


def test_a_view_has_a_width_of_its_own() -> None:
    with served(Encoder(rows(GOOD))) as url:
        client = EncoderClient(url, "m", widths={"": 3, "use": 2})
        assert client.embed(["x"], view="use").shape == (1, 2)
        with pytest.raises(EncoderDown, match="2 numbers, not 3"):
            client.embed(["x"])


def test_a_liar_is_not_asked_again_at_once() -> None:
    encoder = Encoder(rows([0.6, 0.8, 0.0]))
    with served(encoder) as url:
        client = EncoderClient(url, "m", widths={"": 2})
        for _ in range(5):
            with pytest.raises(EncoderDown, match="3 numbers"):
                client.embed(["x"])
    assert encoder.asked == 1


def test_an_answer_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "BYTES", 1_000)
    monkeypatch.setattr(asking, "WIDEST", 2)
    raw = head(200_000) + b" " * 200_000
    with served(Encoder(raw=raw)) as url, pytest.raises(EncoderDown, match="longer than"):
        EncoderClient(url, "m").embed(["x"])


def test_an_answer_nested_without_end_is_none() -> None:
    body = b"[" * 100_000
    raw = head(len(body)) + body
    with served(Encoder(raw=raw)) as url, pytest.raises(EncoderDown):
        EncoderClient(url, "m").embed(["x"])


@pytest.mark.parametrize("encoder", [Encoder(), Encoder({"model_key": "m"}, drips="body")])
def test_the_look_at_its_health_ends_too(encoder: Encoder) -> None:
    with served(encoder) as url:
        assert encoder_state(url, timeout=SHORT).state == "DOWN"

"""The encoder server over real HTTP, and the client that asks it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest

from feedback.encoder import app, server
from feedback.encoder.app import EncoderApp
from feedback.encoder.client import EncoderClient, EncoderDown, EncoderRefused
from feedback.encoder.models.base import Encoder, EncoderUnavailable, View
from feedback.encoder.models.registry import load_encoder
from feedback.encoder.server import listen
from tests.encoder.conftest import CHINESE, ENGLISH, wait_until_ready

Serve = Callable[[EncoderApp], str]


def ask(
    url: str,
    path: str = "/v1/embeddings",
    body: Any = None,
    *,
    method: str = "POST",
    **headers: str,
) -> tuple[int, dict[str, Any], dict[str, str]]:
    """One plain request, as any other program would send it."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.request(method, path, None if method == "GET" else raw, headers)
    response = connection.getresponse()
    answer = json.loads(response.read()), {k.lower(): v for k, v in response.getheaders()}
    connection.close()
    return response.status, *answer


# --- What is asked is what is answered --------------------------------------------------------------


def test_vectors_travel_bit_for_bit(address: str, fused: Encoder) -> None:
    client = EncoderClient(address, "fused")
    texts = [*CHINESE, *ENGLISH, ENGLISH[0]]

    assert (client.embed(texts) == fused.encode(texts)).all()
    assert (client.embed(texts[:2], view="use") == fused.encode(texts[:2], views=["use"])).all()
    assert client.embed([]).shape[0] == 0


def test_the_answer_has_openais_form(address: str, fused: Encoder) -> None:
    status, answer, _ = ask(address, body={"model": "fused", "input": "dark mode"})

    assert status == 200
    assert answer["object"] == "list"
    assert answer["model"] == "fused"
    assert answer["usage"]["total_tokens"] > 0
    [row] = answer["data"]
    assert (row["object"], row["index"]) == ("embedding", 0)
    np.testing.assert_allclose(row["embedding"], fused.encode(["dark mode"])[0], atol=1e-7)


def test_health_and_models_name_what_is_loaded(address: str, fused: Encoder) -> None:
    health = EncoderClient(address, "fused").health()
    _, models, _ = ask(address, "/v1/models", method="GET")

    assert (health.model_key, health.dims, health.views) == (
        fused.model_key,
        fused.dims,
        fused.views,
    )
    names = [model["id"] for model in models["data"]]
    assert {"fused", "fused#use", fused.model_key, f"{fused.model_key}#e5"} <= set(names)
    for name in names:
        assert ask(address, body={"model": name, "input": ["x"]})[0] == 200


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"{", 400, "JSON"),
        ([1], 400, "object"),
        ({"model": "fused"}, 400, "input"),
        ({"model": "fused", "input": []}, 400, "input"),
        ({"model": "fused", "input": [[1, 2]]}, 400, "tokens"),
        ({"model": "fused", "input": ["x"] * 2_049}, 400, "2048"),
        ({"model": "fused", "input": "x", "encoding_format": "hex"}, 400, "base64"),
        ({"model": "fused", "input": "x", "dimensions": 7}, 400, "dimensions"),
        ({"model": 3, "input": "x"}, 400, "model"),
        ({"model": "gpt", "input": "x"}, 404, "gpt"),
        ({"model": "fused#nose", "input": "x"}, 404, "fused#use"),
    ],
)
def test_bad_input_is_refused_in_words(address: str, body: Any, status: int, says: str) -> None:
    found, answer, _ = ask(address, body=body)

    assert found == status
    assert says in answer["error"]["message"]
    assert answer["error"]["type"] == "invalid_request_error"


def test_unknown_paths_and_methods_are_refused(address: str) -> None:
    assert ask(address, "/nowhere", method="GET")[0] == 404
    assert ask(address, "/v1/embeddings", method="GET")[0] == 405


def test_long_and_odd_texts_are_taken(address: str) -> None:
    status, answer, _ = ask(
        address, body={"model": "fused#use", "input": ["", "a" * 100_000, "\ud800"]}
    )

    assert status == 200
    assert len(answer["data"]) == 3


def test_a_token_is_asked_for_when_there_is_one(serve: Serve) -> None:
    url = serve(EncoderApp("hashing", token="s3cret"))
    wait_until_ready(EncoderClient(url, "hashing", token="s3cret"))

    assert ask(url, body={"model": "hashing", "input": "x"})[0] == 401
    assert ask(url, "/health", method="GET")[0] == 200
    with pytest.raises(EncoderRefused, match="token"):
        EncoderClient(url, "hashing", token="wrong").embed(["x"])
    assert EncoderClient(url, "hashing", token="s3cret").embed(["x"]).shape == (1, 1024)


# --- Who waits ---------------------------------------------------------------------------------------


def test_it_listens_while_it_loads(serve: Serve) -> None:
    may_load = threading.Event()

    def load(spec: str) -> Encoder:
        may_load.wait(10)
        return load_encoder("hashing")

    url = serve(EncoderApp("hashing", load=load))
    status, answer, headers = ask(url, body={"model": "hashing", "input": "x"})
    assert (status, answer["error"]["code"], headers["retry-after"]) == (503, "loading", "1")
    client = EncoderClient(url, "hashing")
    with pytest.raises(EncoderDown) as down:
        client.health()
    assert down.value.loading

    may_load.set()
    wait_until_ready(client)
    assert client.embed(["x"]).shape == (1, 1024)


class Halting:
    """An encoder that stops in the middle of bulk work until it is told to go on."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.stopped, self.go = threading.Event(), threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode(self, texts: Sequence[str], **options: Any) -> Any:
        if len(texts) > app.FEW_TEXTS:
            self.stopped.set()
            assert self.go.wait(30)
        return self._encoder.encode(texts, **options)


def test_people_do_not_wait_for_bulk(serve: Serve) -> None:
    halting = Halting(load_encoder("hashing"))
    url = serve(EncoderApp("hashing", load=lambda _: halting))
    wait_until_ready(EncoderClient(url, "hashing"))
    texts = [f"{post}, and number {i}" for i in range(12) for post in ENGLISH + CHINESE]
    with ThreadPoolExecutor(1) as aside:
        bulk = aside.submit(EncoderClient(url, "hashing").embed, texts, timeout=60)
        assert halting.stopped.wait(30)
        client = EncoderClient(url, "hashing")
        for i in range(5):
            assert client.embed([f"dark mode {i}"]).shape == (1, 1024)
        assert not bulk.done()
        halting.go.set()
        assert bulk.result(60).shape == (len(texts), 1024)


def test_a_full_queue_sends_callers_away(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, fused: Encoder
) -> None:
    monkeypatch.setattr(app, "MOST_WAITING", 80)
    url = serve(EncoderApp("fused", load=lambda _: fused))
    wait_until_ready(EncoderClient(url, "fused"))
    texts = [f"a long text about many things, number {i}" for i in range(70)]
    thread = threading.Thread(target=lambda: EncoderClient(url, "fused").embed(texts, timeout=60))
    thread.start()
    time.sleep(0.2)
    status, answer, headers = ask(url, body={"model": "fused", "input": texts})
    thread.join()

    assert (status, answer["error"]["code"], headers["retry-after"]) == (429, "queue_full", "2")


# --- How it ends ---------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_told(number: signal.Signals) -> None:
    port = free_port()
    code = f"from feedback.encoder.server import run; run('127.0.0.1', {port}, 'hashing')"
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)
    client = EncoderClient(f"http://127.0.0.1:{port}", "hashing")
    wait_until_ready(client)
    os.kill(process.pid, number)
    _, said = process.communicate(timeout=15)

    assert process.returncode == 0
    assert "Traceback" not in said
    with pytest.raises(EncoderDown):
        client.embed(["x"])


def test_a_taken_address_is_said_in_a_sentence() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EncoderUnavailable, match=f"cannot listen at 127.0.0.1:{port}"):
            server.run("127.0.0.1", port, "hashing")


def test_a_model_that_cannot_be_loaded_ends_the_server() -> None:
    # In a thread of its own: a browser test in this process may have left its event loop running here.
    with ThreadPoolExecutor(1) as aside, pytest.raises(EncoderUnavailable, match="nobody/nothing"):
        aside.submit(server.run, "127.0.0.1", 0, "nobody/nothing").result(60)


# --- The client and others ----------------------------------------------------------------------------


def test_nobody_there_is_remembered() -> None:
    port = free_port()
    client = EncoderClient(f"http://127.0.0.1:{port}", "fused")
    with pytest.raises(EncoderDown, match="refused"):
        client.embed(["x"])
    with socket.create_server(("127.0.0.1", port)) as late:
        for _ in range(100):
            with pytest.raises(EncoderDown, match="refused"):
                client.embed(["x"])
        assert connections_to(late) == 0, "within the pause nobody should try again"


def connections_to(listening: socket.socket) -> int:
    """Take and close the connections that wait; return how many there were."""
    listening.setblocking(False)
    count = 0
    while True:
        try:
            taken, _ = listening.accept()
        except BlockingIOError:
            return count
        taken.close()
        count += 1


def test_the_client_comes_back_by_itself(serve: Serve) -> None:
    port = free_port()
    client = EncoderClient(f"http://127.0.0.1:{port}", "hashing")
    with pytest.raises(EncoderDown):
        client.embed(["x"])
    url = serve(EncoderApp("hashing"))
    client = EncoderClient(url, "hashing")
    wait_until_ready(client)
    client.embed(["x"])
    client.close()
    assert client.embed(["x"]).shape == (1, 1024)


def test_an_impatient_timeout_does_not_turn_patient_callers_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        client = EncoderClient(f"http://127.0.0.1:{deaf.getsockname()[1]}", "fused")
        for _ in range(2):
            with pytest.raises(EncoderDown, match=r"within 0\.05 s"):
                client.embed(["x"], timeout=0.05)
        assert connections_to(deaf) == 1, "the second impatient caller should be turned away"
        with pytest.raises(EncoderDown, match=r"within 0\.3 s"):
            client.embed(["x"], timeout=0.3)
        assert connections_to(deaf) == 1, "the patient one should have tried"


def test_another_model_than_expected_is_refused(address: str) -> None:
    with pytest.raises(EncoderRefused, match="hashing"):
        EncoderClient(address, "hashing").health()


class Fleet(BaseHTTPRequestHandler):
    """An OpenAI-compatible server as others write them: lists of floats, any order, any length."""

    protocol_version = "HTTP/1.1"
    most = 32

    def do_GET(self) -> None:
        self._send(404, {"error": "not found"})

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        texts = request["input"]
        if len(texts) > self.most:
            self._send(413, {"error": {"message": f"at most {self.most} texts"}})
            return
        rows = [
            {"object": "embedding", "index": i, "embedding": [3.0 * len(text), 4.0 * len(text), 0]}
            for i, text in enumerate(texts)
        ]
        self._send(200, {"object": "list", "data": rows[::-1], "model": request["model"]})

    def _send(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def fleet() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Fleet) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def test_a_fleet_can_take_the_encoders_place(fleet: str) -> None:
    client = EncoderClient(fleet, "BAAI/bge-m3")
    health = client.health()
    vectors = client.embed(["x" * (i + 1) for i in range(100)])
    client.close()

    assert health.model_key == "remote-BAAI-bge-m3"
    assert (health.dims, health.views) == (3, (View("whole", 0, 3),))
    assert vectors.shape == (100, 3)
    np.testing.assert_allclose(vectors, [[0.6, 0.8, 0]] * 100, atol=1e-6)

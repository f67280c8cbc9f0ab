"""Asking the encoder process, or a fleet that speaks the same format, for vectors.

Standard library and numpy only: the web process never loads a model. Whatever goes wrong is :class:`EncoderDown`,
raised quickly, so that callers fall back to words.
"""

from __future__ import annotations

import base64
import binascii
import http.client
import json
import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np

from feedback.encoder.models.base import Vectors, View, unit_rows
from feedback.kernel import request_id
from feedback.kernel.in_time import Link, left, speak_over

CHUNK = 256
"""Texts of one request."""
PAUSE = 2.0
"""Seconds during which nobody tries again after a failure."""
BYTES, BYTES_A_NUMBER, WIDEST = 1_000_000, 32, 4_096
"""Bytes of an answer that are read: so many, and more for each number; of vectors this wide where the width is not known."""
_STEP = 65_536


class EncoderDown(RuntimeError):
    """No vectors now; the message says why. ``loading`` is true while the weights come in."""

    def __init__(self, reason: str, *, loading: bool = False) -> None:
        super().__init__(reason)
        self.loading = loading


class EncoderSlow(EncoderDown):
    """The answer did not come in time: fewer texts at once may do."""


class EncoderRefused(EncoderDown):
    """The encoder is there and does not accept the request: a wrong model, token or text.

    ``status`` is its HTTP status.
    """

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class EncoderHealth:
    """A ready encoder's identity. ``waiting`` counts texts in its queue (0 for a fleet)."""

    model_key: str
    dims: int
    views: tuple[View, ...]
    waiting: int = 0


@dataclass(slots=True)
class _Breaker:
    """Remembers a failure for a while, so that nobody waits for what has just failed."""

    until: float = 0.0
    patience: float = float("inf")
    reason: EncoderDown | None = None


@dataclass(frozen=True, slots=True)
class _Open:
    """A connection that stays open, and the link that gives each exchange over it its time."""

    http: http.client.HTTPConnection
    link: Link


class EncoderClient:
    """Vectors over HTTP with connections that stay open. Safe in threads and after a fork.

    :param url: of Heed's encoder (``http://127.0.0.1:8765``) or a fleet's (with or without ``/v1``).
    :param model: the encoder's name, sent with every request.
    :param timeout: seconds a request may take in all, unless the call says otherwise.
    :param widths: how many numbers a vector has, by view, of the whole by ""; any other is refused.
    """

    def __init__(
        self,
        url: str,
        model: str,
        token: str | None = None,
        timeout: float = 30.0,
        connect_timeout: float = 1.0,
        widths: Mapping[str, int] | None = None,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an http address: {url!r}")
        self.url = url
        self.model = model
        self._secure = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port or (443 if self._secure else 80)
        self._root = parts.path.rstrip("/").removesuffix("/v1")
        self._headers = {"content-type": "application/json", "accept": "application/json"}
        if token:
            self._headers["authorization"] = f"Bearer {token}"
        self._timeout = timeout
        self._connect_timeout = connect_timeout
        self._lock = threading.Lock()
        self._widths = dict(widths or {})
        self._idle: list[_Open] = []
        self._process = os.getpid()
        self._breaker = _Breaker()

    def embed(
        self, texts: Sequence[str], *, view: str | None = None, timeout: float | None = None
    ) -> Vectors:
        """Vectors of ``texts`` in their order, float32 ``(n, dims)``, rows of length one.

        :param view: one view alone, of an encoder that has views.
        :param timeout: seconds for each request of at most 256 texts, from connecting to the last byte.
        :raises EncoderDown: for whatever reason, vectors of another count or width among them; at once within two seconds of a failure.
        """
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        wait = self._timeout if timeout is None else timeout
        self._check(wait)
        model = f"{self.model}#{view}" if view else self.model
        width = self._widths.get(view or "")
        chunks = [
            self._embed(list(texts[start : start + CHUNK]), model, wait, width)
            for start in range(0, len(texts), CHUNK)
        ]
        return np.concatenate(chunks)

    def health(self, *, timeout: float | None = None) -> EncoderHealth:
        """What is loaded. Always asks, and a good answer ends the pause after a failure.

        A fleet has no such page; there, one text is embedded and its length taken, and the
        key is the model's name.

        :raises EncoderDown: when it is not ready.
        """
        wait = min(self._timeout, 5.0) if timeout is None else timeout
        try:
            path = f"{self._root}/health?model={quote(self.model, safe='')}"
            found = self._exchange("GET", path, None, wait)
        except EncoderRefused:
            found = None
        if isinstance(found, dict) and "model_key" in found:
            try:
                health = EncoderHealth(
                    str(found["model_key"]),
                    int(found["dims"]),
                    tuple(View(v["name"], v["start"], v["stop"]) for v in found["views"]),
                    int(found.get("waiting", 0)),
                )
                served = {found.get("model"), health.model_key}
            except (KeyError, TypeError, ValueError) as error:
                raise EncoderDown(f"the encoder's health cannot be read: {error!r}") from error
            if self.model not in served:
                raise EncoderRefused(f"it serves {found.get('model')!r}, not {self.model!r}", 404)
        else:
            dims = self._embed(["health"], self.model, wait, self._widths.get("")).shape[1]
            name = re.sub(r"[^A-Za-z0-9.:_-]+", "-", self.model)[:90]
            health = EncoderHealth(f"remote-{name}", dims, (View("whole", 0, dims),))
        with self._lock:
            self._breaker = _Breaker()
        return health

    def close(self) -> None:
        """Close idle connections."""
        with self._lock:
            idle, self._idle = self._idle, []
        for one in idle:
            one.link.shut()

    def _embed(self, texts: list[str], model: str, wait: float, width: int | None) -> Vectors:
        body = json.dumps({"model": model, "input": texts, "encoding_format": "base64"}).encode()
        most = BYTES + len(texts) * (width or WIDEST) * BYTES_A_NUMBER
        try:
            answer = self._exchange("POST", f"{self._root}/v1/embeddings", body, wait, most=most)
        except EncoderRefused as refused:
            # Fleets have limits of their own for a batch (TEI: 32) and say so in these ways.
            if refused.status not in (413, 422) or len(texts) == 1:
                raise
            half = len(texts) // 2
            parts = (texts[:half], texts[half:])
            return np.concatenate([self._embed(part, model, wait, width) for part in parts])
        try:
            return _vectors(answer, len(texts), width)
        except EncoderDown as lie:
            raise self._fail(lie) from lie.__cause__

    def _check(self, wait: float) -> None:
        breaker = self._breaker
        if (
            breaker.reason is not None
            and wait <= breaker.patience
            and time.monotonic() < breaker.until
        ):
            raise EncoderDown(str(breaker.reason), loading=breaker.reason.loading)

    def _fail(
        self, down: EncoderDown, *, pause: float = PAUSE, patience: float = float("inf")
    ) -> EncoderDown:
        with self._lock:
            self._breaker = _Breaker(time.monotonic() + pause, patience, down)
        return down

    def _exchange(
        self, method: str, path: str, body: bytes | None, wait: float, *, most: int = BYTES
    ) -> Any:
        """One request and its JSON answer of ``most`` bytes, on an open connection if there is one."""
        until = time.monotonic() + wait
        while True:
            one, reused = self._connection(until, wait)
            try:
                one.http.request(method, path, body, self._headers | _called())
                response = one.http.getresponse()
                raw = _read_up_to(response, most)
            except TimeoutError:
                one.link.shut()
                raise self._too_slow(wait) from None
            except EncoderDown as reason:
                one.link.shut()
                raise self._fail(reason) from None
            except (http.client.HTTPException, OSError, ValueError) as error:
                one.link.shut()
                if reused:  # it was closed while it lay idle; a new one will tell
                    continue
                raise self._fail(EncoderDown(f"no encoder at {self.url}: {error!r}")) from error
            if response.will_close:
                one.link.shut()
            else:
                with self._lock:
                    self._idle.append(one)
            return self._read(response, raw)

    def _too_slow(self, wait: float) -> EncoderDown:
        # An impatient caller's timeout is no reason to turn patient ones away.
        return self._fail(EncoderSlow(f"no answer within {wait:g} s"), patience=wait)

    def _connection(self, until: float, wait: float) -> tuple[_Open, bool]:
        with self._lock:
            if self._process != os.getpid():  # a forked child may not share its parent's sockets
                self._idle, self._process = [], os.getpid()
            idle = self._idle.pop() if self._idle else None
        if idle is not None:
            idle.link.until = until
            return idle, True
        connection: http.client.HTTPConnection
        try:
            timeout = min(left(until), self._connect_timeout)
        except TimeoutError:
            raise self._too_slow(wait) from None
        if self._secure:
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(
                self._host, self._port, timeout=timeout, context=context
            )
        else:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            reason = f"no encoder at {self.url}: {error.strerror or error}"
            raise self._fail(EncoderDown(reason)) from error
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link = Link(connection.sock, until)
        speak_over(connection, link)
        return _Open(connection, link), False

    def _read(self, response: http.client.HTTPResponse, raw: bytes) -> Any:
        try:
            answer = json.loads(raw)
        except (ValueError, RecursionError):
            answer = None
        if response.status == 200 and answer is not None:
            return answer
        reason, code = _error_of(answer, response.status)
        if response.status in (429, 500, 502, 503, 504):
            given = response.headers.get("retry-after", "")
            pause = min(PAUSE, float(given)) if given.isdigit() else PAUSE
            raise self._fail(EncoderDown(reason, loading=code == "loading"), pause=pause)
        raise EncoderRefused(reason, response.status)


def _error_of(answer: Any, status: int) -> tuple[str, str | None]:
    error = answer.get("error") if isinstance(answer, dict) else None
    if isinstance(error, dict) and error.get("message"):
        return str(error["message"]), error.get("code")
    return (error if isinstance(error, str) else f"it answered {status}"), None


def _called() -> dict[str, str]:
    """The header by which the encoder's log names the request, or the job, that asks."""
    known = request_id.present()
    return {request_id.HEADER: known} if known else {}


def _read_up_to(response: http.client.HTTPResponse, most: int) -> bytes:
    """Return the body. Raises `EncoderDown` when it is longer, `HTTPException` where less comes than was said."""
    arrived = bytearray()
    while chunk := response.read(_STEP):
        arrived += chunk
        if len(arrived) > most:
            raise EncoderDown(f"its answer is longer than {most} bytes")
    if response.length:
        raise http.client.HTTPException("The answer ended early.")
    return bytes(arrived)


def _vectors(answer: Any, count: int, width: int | None) -> Vectors:
    """The embeddings of an answer in order of their index, base64 or lists, of length one.

    The one place that looks whether they are what was asked for. Raises `EncoderDown`.
    """
    try:
        data = sorted(answer["data"], key=lambda row: int(row["index"]))
        numbers = [int(row["index"]) for row in data]
        rows = [
            np.frombuffer(base64.b64decode(row["embedding"], validate=True), dtype="<f4")
            if isinstance(row["embedding"], str)
            else np.asarray(row["embedding"], dtype=np.float32)
            for row in data
        ]
        vectors = np.stack(rows).astype(np.float32)
    except (ArithmeticError, KeyError, TypeError, ValueError, binascii.Error) as error:
        raise EncoderDown(f"the encoder's answer cannot be read: {error!r}") from error
    if vectors.ndim != 2 or numbers != list(range(count)):
        raise EncoderDown(f"asked for {count} vectors, got {vectors.shape[0]}")
    if not vectors.shape[1] or vectors.shape[1] != (width or vectors.shape[1]):
        raise EncoderDown(
            f"it answers with {vectors.shape[1]} numbers, not {width}: another model under its name"
        )
    if not np.isfinite(vectors).all():
        raise EncoderDown("the encoder answered with numbers that are not finite")
    lengths = np.linalg.norm(vectors, axis=1)
    # Heed's own vectors have length one and pass bit for bit; a fleet's may have any.
    return vectors if np.allclose(lengths, 1.0, atol=1e-3) else unit_rows(vectors)

"""What the encoder answers, in the OpenAI embeddings format: an ASGI application.

``POST /v1/embeddings`` takes ``{"model", "input", "encoding_format"}`` where the model is an encoder's name or model
key, with ``#view`` behind it for one view alone; ``GET /health`` says what is loaded, ``GET /health?model=`` how
that one is; ``GET /v1/models`` lists the names. The server listens at once and answers 503 until the weights are in.
It may serve several models: the first is loaded at once, another when it is first asked for (`serving`).

A few short texts are somebody waiting: they have threads of their own and run beside whatever else is going on.
Everything else is bulk: it is cut into slices, and requests take turns slice by slice.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qs

import numpy as np

from feedback.encoder.models.base import Encoder, Vectors
from feedback.encoder.models.registry import DEFAULT, load_encoder
from feedback.encoder.serving import Load, ServedModel, ServedModels, give_back_memory
from feedback.kernel import request_id

logger = logging.getLogger(__name__)
access = logging.getLogger("heed.access")

MOST_TEXTS = 2_048
MOST_CHARACTERS = 32_000
MOST_BYTES = 64 * 1024 * 1024
MOST_WAITING = 16_384
"""Texts accepted and not yet embedded; beyond it a caller is asked to come back."""
FEW_TEXTS, FEW_CHARACTERS = 4, 4_000
SLICE = 64
"""Bulk texts between two turns: about half a second."""

ADDRESSES = ("/health", "/v1/models", "/v1/embeddings", "/embeddings")

Send = Callable[[dict[str, Any]], Any]
Receive = Callable[[], Any]


class Refused(Exception):
    """An answer other than 200, in OpenAI's form."""

    def __init__(
        self, status: int, message: str, code: str | None = None, *, retry_after: int = 0
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        kind = "invalid_request_error" if self.status < 429 else "server_error"
        return {
            "error": {"message": str(self), "type": kind, "param": None, "code": self.code},
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """A valid request for embeddings."""

    texts: list[str]
    views: tuple[str, ...] | None
    model: str
    as_base64: bool


class EncoderApp:
    """The ASGI application. Call :meth:`start` once; the first model loads in a thread.

    :param specs: the models that may be asked for, by name; the first answers who names none.
    :param load: makes the encoder of a spec; the registry's loader unless a test holds it back.
    """

    def __init__(
        self,
        *specs: str,
        token: str | None = None,
        threads: int = 2,
        load: Load | None = None,
    ) -> None:
        self.models = ServedModels(
            specs or (DEFAULT,), load or (lambda spec: load_encoder(spec, threads=threads))
        )
        self._token = token or None
        self._waiting = 0
        self._quick = ThreadPoolExecutor(2, thread_name_prefix="quick")
        self._bulk = ThreadPoolExecutor(1, thread_name_prefix="bulk")
        self._turn = asyncio.Lock()  # first come, first served: bulk requests alternate

    @property
    def failure(self) -> Exception | None:
        """Why nothing can be served, when no model could be loaded."""
        return self.models.failure

    def start(self, when_done: Callable[[], None] = lambda: None) -> None:
        """Begin loading; ``when_done`` is called from the loading thread, also after a failure."""
        self.models.start(when_done)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        header = request_id.HEADER.lower().encode()
        said = dict(scope["headers"]).get(header, b"").decode("latin-1")
        with request_id.known_as(request_id.chosen(said, is_believed=True)):
            began = time.perf_counter()
            status = await self._respond(scope, receive, send)
            ms = round(1000 * (time.perf_counter() - began))
            about = {"method": scope["method"], "route": _route(scope), "status": status}
            access.info("answered", extra=about | {"ms": ms})

    async def _respond(self, scope: dict[str, Any], receive: Receive, send: Send) -> int:
        try:
            status, body, retry_after = 200, await self._answer(scope, receive), 0
        except Refused as refused:
            status, body, retry_after = refused.status, refused.body(), refused.retry_after
        except Exception:
            logger.exception("A request failed")
            failed = Refused(500, "The encoder failed; its log says why.", "internal_error")
            status, body, retry_after = 500, failed.body(), 0
        encoded = json.dumps(body, separators=(",", ":")).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(encoded)).encode()),
        ]
        if retry_after:
            headers.append((b"retry-after", str(retry_after).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": encoded})
        return status

    async def _answer(self, scope: dict[str, Any], receive: Receive) -> dict[str, Any]:
        route = scope["method"], scope["path"].rstrip("/")
        if idle := self.models.idle():
            asyncio.get_running_loop().run_in_executor(self._bulk, self.models.give_back, idle)
        if route == ("GET", "/health"):
            asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("model")
            if not asked:
                return self._health(self.models.usual())
            self._authenticate(scope)  # asking for a model may have it loaded
            return self._health(self._named(asked[0]))
        self._authenticate(scope)
        if route == ("GET", "/v1/models"):
            return {"object": "list", "data": [self._model(name) for name in self._names()]}
        if route in (("POST", "/v1/embeddings"), ("POST", "/embeddings")):
            raw = await _body(receive)
            gone = asyncio.ensure_future(receive())  # answers when the caller hangs up
            try:
                return await self._embeddings(raw, gone)
            finally:
                gone.cancel()
        raise Refused(405 if route[1] in ADDRESSES else 404, f"There is no {' '.join(route)} here.")

    def _authenticate(self, scope: dict[str, Any]) -> None:
        if self._token is None:
            return
        given = dict(scope["headers"]).get(b"authorization", b"")
        if not hmac.compare_digest(given, b"Bearer " + self._token.encode()):
            raise Refused(401, "The bearer token is missing or wrong.", "invalid_api_key")

    def _named(self, name: str) -> ServedModel:
        model = self.models.named(name)
        if model is None:
            raise self._unknown(name)
        return model

    def _unknown(self, name: str) -> Refused:
        message = f"There is no model {name!r}; there are {', '.join(self._names())}."
        return Refused(404, message, "model_not_found")

    def _loaded(self, model: ServedModel) -> Encoder:
        encoder = self.models.asked(model)
        if encoder is not None:
            return encoder
        if model.failure is not None and not model.loading:
            raise Refused(503, f"The encoder cannot be loaded: {model.failure}", "failed")
        raise Refused(503, "The encoder is still loading.", "loading", retry_after=1)

    def _health(self, model: ServedModel) -> dict[str, Any]:
        encoder = self._loaded(model)
        return {
            "status": "ready",
            "model": model.spec,
            "model_key": encoder.model_key,
            "dims": encoder.dims,
            "views": [asdict(view) for view in encoder.views],
            "waiting": self._waiting,
            "models": [one.identity() for one in self.models.all],
        }

    def _names(self) -> list[str]:
        names: list[str] = []
        for model in self.models.all:
            whole = dict.fromkeys((model.spec, model.model_key))
            views = model.encoder.views if model.encoder is not None else ()
            names += [*whole, *(f"{name}#{view.name}" for name in whole for view in views)]
        return names

    @staticmethod
    def _model(name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": 0, "owned_by": "heed"}

    async def _embeddings(self, raw: bytes, gone: asyncio.Future[Any]) -> dict[str, Any]:
        request = self._parsed(raw)
        wanted = request.get("model", self.models.usual().spec)
        if not isinstance(wanted, str):
            raise Refused(400, "'model' must be a string.")
        encoder = self._loaded(self._named(wanted.partition("#")[0]))
        asked = self._read(request, wanted, encoder)
        if self._waiting and self._waiting + len(asked.texts) > MOST_WAITING:
            raise Refused(429, "Too many texts are waiting.", "queue_full", retry_after=2)
        self._waiting += len(asked.texts)
        try:
            vectors = await self._encode(encoder, asked, gone)
        finally:
            self._waiting -= len(asked.texts)
        estimate = sum(len(text) // 4 + 1 for text in asked.texts)
        return {
            "object": "list",
            "model": asked.model,
            "data": [
                {"object": "embedding", "index": index, "embedding": embedding}
                for index, embedding in enumerate(_written(vectors, asked.as_base64))
            ],
            "usage": {"prompt_tokens": estimate, "total_tokens": estimate},
        }

    @staticmethod
    def _parsed(raw: bytes) -> dict[str, Any]:
        try:
            request = json.loads(raw)
        except ValueError as error:
            raise Refused(400, f"The body is not JSON: {error}") from None
        if not isinstance(request, dict):
            raise Refused(400, "The body must be a JSON object.")
        return request

    def _read(self, request: dict[str, Any], model: str, encoder: Encoder) -> Asked:
        given = request.get("input")
        texts = [given] if isinstance(given, str) else given
        if not isinstance(texts, list) or not texts:
            raise Refused(400, "'input' must be a string or a list of strings, not empty.")
        if not all(isinstance(text, str) for text in texts):
            raise Refused(400, "'input' may hold strings only; lists of tokens are not understood.")
        if len(texts) > MOST_TEXTS:
            raise Refused(400, f"'input' holds {len(texts)} texts; {MOST_TEXTS} is the most.")
        form = request.get("encoding_format", "float")
        if form not in ("float", "base64"):
            raise Refused(400, "'encoding_format' must be 'float' or 'base64'.")
        views = self._views(model, encoder)
        width = sum(view.dims for view in encoder.views if views is None or view.name in views)
        if request.get("dimensions", width) != width:
            raise Refused(400, f"'dimensions' cannot be chosen; {model} has {width}.")
        return Asked([text[:MOST_CHARACTERS] for text in texts], views, model, form == "base64")

    def _views(self, model: str, encoder: Encoder) -> tuple[str, ...] | None:
        _, mark, view = model.partition("#")
        if not mark:
            return None
        if view not in {each.name for each in encoder.views}:
            raise self._unknown(model)
        return (view,)

    async def _encode(self, encoder: Encoder, asked: Asked, gone: asyncio.Future[Any]) -> Vectors:
        loop = asyncio.get_running_loop()
        distinct = list(dict.fromkeys(asked.texts))
        if len(distinct) <= FEW_TEXTS and sum(map(len, distinct)) <= FEW_CHARACTERS:
            return await loop.run_in_executor(
                self._quick, _embed, encoder, asked.texts, asked.views
            )
        # Like lengths together, so that the threads of a slice end at about the same time.
        distinct.sort(key=len)
        found: list[Vectors] = []
        for start in range(0, len(distinct), SLICE):
            async with self._turn:
                if gone.done():
                    raise Refused(400, "The caller hung up.")
                part = distinct[start : start + SLICE]
                found.append(
                    await loop.run_in_executor(self._bulk, _embed, encoder, part, asked.views)
                )
        if not self._turn.locked():
            give_back_memory()
        rows = {text: row for row, text in enumerate(distinct)}
        whole: Vectors = np.concatenate(found)[[rows[text] for text in asked.texts]]
        return whole


def _route(scope: dict[str, Any]) -> str:
    path = scope["path"].rstrip("/")
    return path if path in ADDRESSES else "-"


def _embed(encoder: Encoder, texts: Sequence[str], views: tuple[str, ...] | None) -> Vectors:
    return encoder.encode(texts, views=views)


def _written(vectors: Vectors, as_base64: bool) -> list[Any]:
    if not as_base64:
        return list(vectors.tolist())
    little = vectors.astype("<f4")
    return [base64.b64encode(row.tobytes()).decode("ascii") for row in little]


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The request ended early.")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            raise Refused(413, f"The body is larger than {MOST_BYTES >> 20} MB.")
        if not message.get("more_body"):
            return b"".join(parts)

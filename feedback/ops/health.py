"""Whether this Heed lives and is ready; what the encoder is doing."""

import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, connection

from feedback.kernel.in_time import Link, speak_over
from feedback.ops import migrations_pending

#: Bytes of the encoder's answer that are read.
ANSWER_BYTES = 64_000


@dataclass(frozen=True)
class EncoderState:
    """What an encoder says of itself: READY, LOADING, FAILED or DOWN, and its model key when it is ready."""

    state: str
    model_key: str = ""
    detail: str = ""


def encoder_state(url: str | None = None, *, timeout: float = 1.0) -> EncoderState:
    """Ask the configured encoder, or the one at ``url``; ``timeout`` seconds for all of it. Never raises."""
    parts = urlsplit(url or settings.ENCODER_URL)
    opener = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    asked = opener(parts.hostname or "127.0.0.1", parts.port, timeout=timeout)
    link = None
    try:
        until = time.monotonic() + timeout
        asked.connect()
        link = Link(asked.sock, until)
        speak_over(asked, link)
        asked.request("GET", parts.path.rstrip("/").removesuffix("/v1") + "/health")
        answer = asked.getresponse()
        body = json.loads(answer.read(ANSWER_BYTES) or b"{}")
        if answer.status == 200:
            return EncoderState("READY", str(body.get("model_key", "")))
        trouble = body.get("error", {})
        state = {"failed": "FAILED", "loading": "LOADING"}.get(trouble.get("code"), "DOWN")
        return EncoderState(state, detail=str(trouble.get("message", "")))
    except (OSError, HTTPException, ValueError, AttributeError) as error:
        return EncoderState("DOWN", detail=str(error) or type(error).__name__)
    finally:
        if link is not None:
            link.shut()
        asked.close()


def database_trouble() -> str:
    """Return why the database cannot serve a reader, or ""."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        waiting = migrations_pending.pending()
    except Error as error:
        return f"the database does not answer: {type(error).__name__}"
    if waiting:
        return f"{len(waiting)} migrations are to be applied, first {waiting[0]}"
    return ""

"""Whether this Heed lives and is ready; what the encoder is doing."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, connection

from feedback.ops import migrations_pending


@dataclass(frozen=True)
class EncoderState:
    """What an encoder says of itself: READY, LOADING, FAILED or DOWN, and its model key when it is ready."""

    state: str
    model_key: str = ""
    detail: str = ""


def encoder_state(url: str | None = None, *, timeout: float = 1.0) -> EncoderState:
    """Ask the configured encoder, or the one at ``url``. Never raises."""
    parts = urlsplit(url or settings.ENCODER_URL)
    opener = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    asked = opener(parts.hostname or "127.0.0.1", parts.port, timeout=timeout)
    try:
        asked.request("GET", parts.path.rstrip("/").removesuffix("/v1") + "/health")
        answer = asked.getresponse()
        body = json.loads(answer.read() or b"{}")
        if answer.status == 200:
            return EncoderState("READY", str(body.get("model_key", "")))
        trouble = body.get("error", {})
        state = {"failed": "FAILED", "loading": "LOADING"}.get(trouble.get("code"), "DOWN")
        return EncoderState(state, detail=str(trouble.get("message", "")))
    except (OSError, HTTPException, ValueError, AttributeError) as error:
        return EncoderState("DOWN", detail=str(error) or type(error).__name__)
    finally:
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

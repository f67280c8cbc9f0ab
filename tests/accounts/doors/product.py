"""A product that hands its users over: it has a key and signs tokens as its documentation says."""

import time
import uuid
from typing import Any

import jwt
from django.conf import settings

from feedback.accounts.handover.keys import make_key
from feedback.kernel import clock


class Product:
    """The product ``issuer``, with a key that an administrator made."""

    def __init__(self, ada: Any, issuer: str = "acme-app", **key: Any) -> None:
        self.ada, self.issuer = ada, issuer
        self.key = make_key(issuer=issuer, actor=ada, now=clock.now(), **({"kind": "HS256"} | key))
        self.signs_with: Any = self.key.secret

    def claims(self, **more: Any) -> dict[str, Any]:
        now = int(time.time())
        known = {
            "iss": self.issuer,
            "aud": settings.BASE_URL,
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid.uuid4()),
            "sub": "42",
            "name": "Cleo",
            "plan": "Pro",
            "version": "5.2.1",
            "device": "Xiaomi 14",
            "model": "23127PN0CC",
        }
        return {name: value for name, value in (known | more).items() if value is not None}

    def token(self, *, kid: str | None = None, key: Any = None, alg: str = "", **more: Any) -> str:
        headers = {"kid": self.key.public_id if kid is None else kid}
        algorithm = alg or self.key.kind
        signs_with = self.signs_with if key is None else key
        return jwt.encode(self.claims(**more), signs_with, algorithm=algorithm, headers=headers)


def opened(client: Any, token: str) -> Any:
    """Open the forum with a token, as a link does."""
    return client.get("/hand-over/", {"token": token})


def gone_on(client: Any, token: str, **more: str) -> Any:
    """Go on from the question."""
    return client.post("/hand-over/go/", {"token": token} | more)


def who(client: Any) -> str:
    """Return the name of whoever is signed in, "" for a visitor."""
    user = client.get("/").context["user"]
    return user.name if user.is_authenticated else ""

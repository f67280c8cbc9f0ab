"""A server on loopback that speaks OpenID Connect: discovery, authorise, token, userinfo. It lies where it is told to."""

import base64
import hashlib
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ed25519

from tests.accounts.doors.answering import Answering, Asked

CLIENT, SECRET = "heed", "a secret"


class Server(Answering):
    """The server, and what it says: change ``person``, ``id_token`` or ``userinfo`` to have it say something else."""

    def __init__(self) -> None:
        self.private = ed25519.Ed25519PrivateKey.generate()
        self.signs_with: Any = self.private
        self.person: dict[str, Any] = {
            "sub": "7",
            "name": "Cleo",
            "email": "cleo@acme.example",
            "email_verified": True,
        }
        self.id_token: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        super().__init__()

    def approve(self, address: str) -> str:
        """Do as somebody does who says yes on the page at ``address``; return where their browser goes then."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT and asked["response_type"] == "code"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked.get('state', '')}"

    # --- What it answers -------------------------------------------------------------------------------------------
    def _config(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorise",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _keys(self) -> dict[str, Any]:
        raw = self.private.public_key().public_bytes_raw()
        x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        return {
            "keys": [
                {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "one", "x": x}
            ]
        }

    def _token(self, form: dict[str, str]) -> dict[str, Any] | None:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("client_secret") != SECRET:
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        now = int(time.time())
        said = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "sub": self.person["sub"],
            "nonce": asked["nonce"],
        }
        said |= self.id_token
        said = {name: value for name, value in said.items() if value is not None}
        signed = jwt.encode(said, self.signs_with, algorithm="EdDSA", headers={"kid": "one"})
        return {"access_token": "open", "token_type": "Bearer", "id_token": signed}

    def answer(self, asked: Asked) -> tuple[int, Any]:
        match asked.path:
            case "/.well-known/openid-configuration":
                return 200, self._config()
            case "/keys":
                return 200, self._keys()
            case "/userinfo":
                return 200, self.person | self.userinfo
            case "/token":
                found = self._token(asked.said)
                return (200, found) if found else (400, {"error": "invalid_grant"})
        return 404, {}

"""Browsers as push services know them: they read what only they can read, and check who sent it, by the RFCs and not by our code."""

import base64
import json
import secrets

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()


def written(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def bytes_of(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key):
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def hmac(key, *parts):
    made = HMAC(key, SHA256())
    for part in parts:
        made.update(part)
    return made.finalize()


class Browser:
    """One subscription of one browser, at ``endpoint``."""

    def __init__(self, endpoint, key=None, auth=None):
        self.endpoint = endpoint
        self.key = key or ec.generate_private_key(CURVE)
        self.auth = auth or secrets.token_bytes(16)

    @property
    def says(self):
        """What its page posts."""
        return {
            "endpoint": self.endpoint,
            "p256dh": written(point(self.key)),
            "auth": written(self.auth),
        }

    def opened(self, body):
        """Return the words of a message: RFC 8291 and 8188, seen from the other side."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(body) <= 4096 and len(sealed) <= size
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        agreed = self.key.exchange(ec.ECDH(), theirs)
        info = b"WebPush: info\x00" + point(self.key) + sender
        material = hmac(hmac(self.auth, agreed), info, b"\x01")
        extracted = hmac(salt, material)
        key = hmac(extracted, b"Content-Encoding: aes128gcm\x00\x01")[:16]
        nonce = hmac(extracted, b"Content-Encoding: nonce\x00\x01")[:12]
        padded = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00")
        assert padded.endswith(b"\x02")
        return padded[:-1]

    def read(self, request):
        """Return what a message says, as JSON."""
        assert request.headers["content-encoding"] == "aes128gcm"
        return json.loads(self.opened(request.body))


def sender_of(request):
    """Return the claims of whoever sent ``request``, and their public key: RFC 8292. Raises where the signature is wrong."""
    scheme, _, rest = request.headers["authorization"].partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    words, _, signature = parts["t"].rpartition(".")
    raw = bytes_of(signature)
    assert len(raw) == 64
    numbers = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, bytes_of(parts["k"]))
    public.verify(encode_dss_signature(*numbers), words.encode(), ec.ECDSA(SHA256()))
    head, claims = (json.loads(bytes_of(part)) for part in words.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    return claims, parts["k"]

"""Messages that only one browser can read: RFC 8291, in one record of RFC 8188 ("aes128gcm").

The primitives are those of the package `cryptography`; ready packages bring a client of HTTP of their own, and
requests leave by `kernel.outbound` alone.
"""

import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

#: Bytes of a whole message that every push service takes, and of what stands around the words in it.
MOST = 4096
_AROUND = 16 + 4 + 1 + 65 + 1 + 16
#: Bytes of words that fit.
MOST_WORDS = MOST - _AROUND
AUTH_BYTES = 16
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


class NoKeys(ValueError):
    """What a browser said of itself are no keys that can be encrypted for."""


def check(*, p256dh: str, auth: str) -> None:
    """Raise `NoKeys` unless these are the keys of a browser."""
    _keys(p256dh, auth)


def encrypted(
    words: bytes,
    *,
    p256dh: str,
    auth: str,
    salt: bytes | None = None,
    own: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Return ``words``, at most `MOST_WORDS` bytes, as the body of a message to the browser with these keys.

    ``salt`` and ``own`` are made for each message; tests give those of the RFC. Raises `NoKeys`.
    """
    theirs, secret = _keys(p256dh, auth)
    if len(words) > MOST_WORDS:
        raise ValueError(f"{len(words)} bytes are too many for one message.")
    salt = salt or os.urandom(16)
    own = own or ec.generate_private_key(ec.SECP256R1())
    public = raw(own.public_key())
    agreed = own.exchange(ec.ECDH(), theirs)
    material = _derived(agreed, secret, b"WebPush: info\0" + raw(theirs) + public, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + MOST.to_bytes(4, "big") + bytes([len(public)]) + public
    last = b"\x02"  # ends the last record, which here is the first
    return head + AESGCM(key).encrypt(nonce, words + last, None)


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)


def _keys(p256dh: str, auth: str) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    try:
        secret = bytes_of(auth)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(p256dh))
    except ValueError as error:
        raise NoKeys(str(error)) from None
    if len(secret) != AUTH_BYTES:
        raise NoKeys(f"The secret has {len(secret)} bytes.")
    return theirs, secret


def raw(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return the 65 bytes of a public key."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def base64url(value: bytes) -> str:
    """Return bytes as the web writes them: base64url, without padding."""
    return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def bytes_of(text: str) -> bytes:
    """Return what `base64url` wrote. Raises `ValueError` for anything else, for Python overlooks much."""
    if not _BASE64URL.fullmatch(text):
        raise ValueError("These are no letters of base64url.")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))

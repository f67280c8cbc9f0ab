"""Saying to push services which site a message comes from (RFC 8292): a key of our own, and tokens signed with it."""

import datetime as dt
import json
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

from feedback.kernel import clock
from feedback.notify.channels.push.encryption import base64url, bytes_of, raw
from feedback.notify.models import PushKey

#: How long a token is good for; the RFC allows a day.
_GOOD_FOR = dt.timedelta(hours=12)
_BYTES = 32


def own_key() -> ec.EllipticCurvePrivateKey:
    """Return the site's key, made when it is first asked for; of several processes the first wins.

    It lies in the database, where every machine of the site and a backup find it.
    """
    known = PushKey.objects.filter(pk=1).first()
    if known is None:
        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        private = base64url(number.to_bytes(_BYTES, "big"))
        made = {"private": private, "made_at": clock.now()}
        known, _made = PushKey.objects.get_or_create(pk=1, defaults=made)
    return _read(known.private)


@lru_cache(maxsize=4)
def _read(private: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(bytes_of(private), "big"), ec.SECP256R1())


def public_key() -> str:
    """Return what browsers bind a subscription to."""
    return base64url(raw(own_key().public_key()))


def authorization(endpoint: str, *, key: ec.EllipticCurvePrivateKey, now: dt.datetime) -> str:
    """Return the header that says to the service of ``endpoint`` who we are, and whom to write to about it."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + _GOOD_FOR).timestamp()),
        "sub": _whom_to_write_to(),
    }
    words = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
    pair = decode_dss_signature(key.sign(words.encode(), ec.ECDSA(SHA256())))
    signature = b"".join(number.to_bytes(_BYTES, "big") for number in pair)
    public = base64url(raw(key.public_key()))
    return f"vapid t={words}.{base64url(signature)}, k={public}"


def _part(values: dict[str, object]) -> str:
    return base64url(json.dumps(values, separators=(",", ":")).encode())


def _whom_to_write_to() -> str:
    """Return the site's address, or its mail where that is none that a push service takes."""
    if settings.BASE_URL.startswith("https:"):
        return str(settings.BASE_URL)
    return f"mailto:{settings.ADMIN_EMAIL}"

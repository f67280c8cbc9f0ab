"""A program that takes Standard Webhooks: standardwebhooks.com. docs/guide/webhooks.md documents what is sent."""

import base64
import datetime as dt
import secrets

from standardwebhooks import Webhook

from feedback.notify.channels.webhook.kinds import Kind, Letter, Request, as_json
from feedback.notify.happenings import VERSION
from feedback.notify.models import Endpoint

#: Bytes of a secret.
SECRET_BYTES = 32


def new_secret() -> str:
    """Return a new secret, as libraries of Standard Webhooks take it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def write(endpoint: Endpoint, letter: Letter, now: dt.datetime) -> Request:
    """Write what happened, signed with the secret and, for a while, with the one before it."""
    content = {
        "type": letter.name,
        "version": VERSION,
        "timestamp": letter.at.isoformat(),
        "data": letter.happening.data(),
    }
    plain = as_json(endpoint.address, content)
    in_force = [endpoint.secret]
    if endpoint.secret_before_until is not None and now < endpoint.secret_before_until:
        in_force.append(endpoint.secret_before)
    signatures = [Webhook(one).sign(letter.id, now, plain.body.decode()) for one in in_force]
    signed = {
        "webhook-id": letter.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return Request(plain.url, plain.body, {**plain.headers, **signed})


KIND = Kind(write)

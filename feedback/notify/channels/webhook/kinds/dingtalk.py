"""A group of DingTalk by a custom robot: open.dingtalk.com/document/robots/custom-robot-access.

A message of the form "link" has a title, a text and an address, each as it stands. It takes 20 messages a minute and
shuts a robot that sends more out for ten; it answers 200 whatever happens, and says in "errcode" whether it took it.
"""

import base64
import datetime as dt
import hashlib
import hmac
from urllib.parse import urlencode

from feedback.notify.channels.webhook.kinds import Kind, Letter, Request, as_json, by_code
from feedback.notify.models import Endpoint

_TOO_MANY = frozenset({130101, 410100})


def sign(secret: str, now: dt.datetime) -> dict[str, str]:
    """Return the time in milliseconds and its signature."""
    at = str(int(now.timestamp() * 1000))
    signature = hmac.new(secret.encode(), f"{at}\n{secret}".encode(), hashlib.sha256).digest()
    return {"timestamp": at, "sign": base64.b64encode(signature).decode()}


def write(endpoint: Endpoint, letter: Letter, now: dt.datetime) -> Request:
    told = letter.happening
    text = "\n".join(filter(None, [told.line, told.excerpt]))
    link = {"title": told.title, "text": text, "messageUrl": told.url, "picUrl": ""}
    url = endpoint.address
    if endpoint.secret:
        url += ("&" if "?" in url else "?") + urlencode(sign(endpoint.secret, now))
    return as_json(url, {"msgtype": "link", "link": link})


KIND = Kind(
    write,
    by_code("errcode", too_many=_TOO_MANY),
    pace=dt.timedelta(seconds=3),
    rest=dt.timedelta(minutes=10),
    has_secret=True,
)

"""A group of Feishu or Lark by a custom bot: open.feishu.cn/document/client-docs/bot-v3/add-custom-bot.

A message of the form "post" is made of pieces that are plain text, so nothing in it is read as a mention. It takes 100
messages a minute and five a second, answers 200 whatever happens, and says in "code" whether it took the message.
"""

import base64
import datetime as dt
import hashlib
import hmac

from feedback.notify.channels.webhook.kinds import Kind, Letter, Request, as_json, by_code
from feedback.notify.models import Endpoint

_TOO_MANY = frozenset({9499, 11232})


def sign(secret: str, now: dt.datetime) -> dict[str, str]:
    """Return the time in seconds and its signature; the text that is signed is the key, and nothing is hashed."""
    at = str(int(now.timestamp()))
    key = f"{at}\n{secret}".encode()
    signature = hmac.new(key, b"", hashlib.sha256).digest()
    return {"timestamp": at, "sign": base64.b64encode(signature).decode()}


def write(endpoint: Endpoint, letter: Letter, now: dt.datetime) -> Request:
    told = letter.happening
    lines: list[list[dict[str, str]]] = [[{"tag": "a", "text": told.title, "href": told.url}]]
    if told.excerpt:
        lines.append([{"tag": "text", "text": told.excerpt}])
    language = "zh_cn" if endpoint.language.startswith("zh") else "en_us"
    content = {
        "msg_type": "post",
        "content": {"post": {language: {"title": told.line, "content": lines}}},
    }
    signed = sign(endpoint.secret, now) if endpoint.secret else {}
    return as_json(endpoint.address, signed | content)


KIND = Kind(
    write,
    by_code("code", "StatusCode", too_many=_TOO_MANY),
    pace=dt.timedelta(seconds=1),
    has_secret=True,
)

"""A group of WeCom by a robot: developer.work.weixin.qq.com/document/path/91770.

A message of the form "news" has a title of at most 128 bytes and a description of at most 512, each as it stands. It takes
20 messages a minute; it answers 200 whatever happens, and says in "errcode" whether it took the message.
"""

import datetime as dt

from feedback.notify.channels.webhook.kinds import Kind, Letter, Request, as_json, by_code
from feedback.notify.models import Endpoint

_TOO_MANY = frozenset({45009, 45033})
_TITLE_BYTES, _TEXT_BYTES = 128, 512


def _cut(words: str, most: int) -> str:
    """Return ``words`` in at most ``most`` bytes."""
    if len(words.encode()) <= most:
        return words
    return words.encode()[: most - 3].decode(errors="ignore") + "…"


def write(endpoint: Endpoint, letter: Letter, now: dt.datetime) -> Request:
    told = letter.happening
    text = "\n".join(filter(None, [told.line, told.excerpt]))
    article = {
        "title": _cut(told.title, _TITLE_BYTES),
        "description": _cut(text, _TEXT_BYTES),
        "url": told.url,
    }
    return as_json(endpoint.address, {"msgtype": "news", "news": {"articles": [article]}})


KIND = Kind(write, by_code("errcode", too_many=_TOO_MANY), pace=dt.timedelta(seconds=3))

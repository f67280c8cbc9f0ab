"""A channel of Discord by a webhook: discord.com/developers/docs/resources/webhook.

It allows 30 messages a minute. It answers 204; what it does not take it answers with an error and a reason. Titles and
texts of an embed are read as Markdown, and `allowed_mentions` says that nobody is called.
"""

import datetime as dt
import re

from feedback.kernel.outbound import Answer
from feedback.kernel.visible import cut
from feedback.notify.channels.webhook.kinds import (
    Kind,
    Letter,
    Request,
    Said,
    as_json,
    object_in,
    unmentioned,
)
from feedback.notify.models import Endpoint

_MARKS = re.compile(r"([\\*_~`|>#\[\]()<:-])")
#: The longest title of an embed that Discord takes.
_TITLE_LENGTH = 256


def _escaped(words: str) -> str:
    return _MARKS.sub(r"\\\1", unmentioned(words))


def write(endpoint: Endpoint, letter: Letter, now: dt.datetime) -> Request:
    told = letter.happening
    title = cut(told.title, _TITLE_LENGTH // 2)
    embed = {"title": _escaped(title)[:_TITLE_LENGTH], "url": told.url}
    if told.excerpt:
        embed["description"] = _escaped(told.excerpt)
    content = {
        "content": _escaped(told.line),
        "embeds": [embed],
        "allowed_mentions": {"parse": []},
    }
    return as_json(endpoint.address, content)


def says(answer: Answer) -> Said:
    return Said.TAKEN if answer.status == 204 or "id" in object_in(answer) else Said.REFUSED


KIND = Kind(write, says, pace=dt.timedelta(seconds=2))

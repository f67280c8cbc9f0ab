"""A channel of Slack by an incoming webhook, and what takes the same messages: Mattermost, Rocket.Chat.

Slack reads &, < and > as its own and asks to have them written as entities: api.slack.com/reference/surfaces/formatting.
A webhook may post once a second. It answers "ok", Rocket.Chat with JSON.
"""

import datetime as dt

from feedback.kernel.outbound import Answer
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


def _escaped(words: str) -> str:
    """Return ``words`` that neither call anybody nor link anywhere; a | would end the text of a link."""
    for mark, instead in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "¦")):
        words = words.replace(mark, instead)
    return unmentioned(words)


def write(endpoint: Endpoint, letter: Letter, now: dt.datetime) -> Request:
    told = letter.happening
    lines = [_escaped(told.line), f"<{told.url}|{_escaped(told.title)}>", _escaped(told.excerpt)]
    text = "\n".join(filter(None, lines))
    return as_json(endpoint.address, {"text": text, "unfurl_links": False})


def says(answer: Answer) -> Said:
    is_taken = answer.body.strip() == b"ok" or object_in(answer).get("success") is True
    return Said.TAKEN if is_taken else Said.REFUSED


KIND = Kind(write, says, pace=dt.timedelta(seconds=1))

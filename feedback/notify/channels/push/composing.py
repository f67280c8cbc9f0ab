"""Writing a message: what happened, what it is about and where that is, in its reader's language."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.accounts.language import language_of
from feedback.kernel.identity import site_name
from feedback.notify import leaving, occasions
from feedback.notify.channels.inbox.presenting import told
from feedback.notify.channels.push import queue
from feedback.notify.channels.push.encryption import base64url
from feedback.notify.groups import USUALLY_PUSHED
from feedback.notify.models import Notice, Push
from feedback.ui.templatetags.wording import language_tag

#: Letters of a line: a lock screen shows fewer.
_LINE = 160
#: Things that are named where several are new.
_NAMED = 3
#: Letters of a topic, as RFC 8030 has it.
_TOPIC = 32


@dataclass(frozen=True)
class Letter:
    """A message before it is encrypted.

    ``topic`` has a push service keep the latest of its kind alone for a device that is away; ``urgency`` is a word of RFC 8030.
    """

    words: bytes
    topic: str
    urgency: str


def compose(push: Push) -> Letter | None:
    """Return ``push`` as it goes out, None when nothing of it is to be told any more.

    News of one thing say what happened, and replace what is shown of it; news of several, as after quiet hours, say how many.
    """
    with translation.override(language_of(push.person) or settings.LANGUAGE_CODE):
        if push.is_trial:
            return _letter(
                push,
                title=_("A trial"),
                line=_("News from %(site)s will be shown like this.") % {"site": site_name()},
                url=reverse("notify:wishes"),
                about="trial",
                urgency="high",
            )
        notices = Notice.objects.filter(to_devices__push=push)
        left = leaving.still_to_tell(push.person_id, notices, wants=queue.is_wanted)
        return _of_news(push, left) if left else None


def _of_news(push: Push, notices: Sequence[Notice]) -> Letter:
    threads = groupby(notices, key=lambda notice: notice.thread or notice.key)
    latest = [next(some) for _name, some in threads]
    groups = {occasions.group_of(notice.entry.verb) for notice in notices}
    urgency = "low" if groups.isdisjoint(USUALLY_PUSHED) else "normal"
    if len(latest) == 1:
        (notice,) = latest
        said = told(notice)
        return _letter(
            push,
            title=said.text,
            line=said.title,
            url=said.url,
            about=notice.thread or notice.key,
            urgency=urgency,
        )
    latest.sort(key=lambda notice: (notice.told_at, notice.pk), reverse=True)
    titles = [told(notice).title for notice in latest[:_NAMED]]
    return _letter(
        push,
        title=ngettext(
            "News of %(n)d thing you asked for or follow",
            "News of %(n)d things you asked for or follow",
            len(latest),
        )
        % {"n": len(latest)},
        line=" · ".join(titles),
        url=reverse("notify:inbox"),
        about="several",
        urgency=urgency,
    )


def _letter(push: Push, *, title: str, line: str, url: str, about: str, urgency: str) -> Letter:
    topic = base64url(hashlib.sha256(about.encode()).digest())[:_TOPIC]
    content = {
        "id": push.public_id,
        "title": Truncator(title).chars(_LINE),
        "body": Truncator(line).chars(_LINE),
        "url": url,
        "tag": topic,
        "lang": language_tag((translation.get_language() or "").split("-")[0]),
    }
    words = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Letter(words, topic, urgency)

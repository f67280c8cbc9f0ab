"""Asking the outside checker, by the worker: signed as our webhooks are, again and again until it answers or a day has gone by."""

import datetime as dt
import json
import logging
import re
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from standardwebhooks import Webhook

from feedback.accounts.trust import trust_of
from feedback.forum.models import Comment, OutsideCheck, Post
from feedback.forum.moderation.outside.applying import apply
from feedback.forum.moderation.outside.noting import digest_of
from feedback.kernel import clock, outbound, text, visible
from feedback.kernel.leases import Lease, claim, free

logger = logging.getLogger(__name__)

#: The waits before the tries after the first; about a day in all. After the last nobody asks again.
WAITS = [dt.timedelta(seconds=n) for n in (10, 60, 300, 1800, 7200, 21_600, 43_200)]
LEASE = dt.timedelta(minutes=1)
SECONDS = 10.0
#: Seconds after which a round ends; the worker looks again soon.
ROUND = 60.0
KEEP = dt.timedelta(days=90)
VERSION = 1
_LINK = re.compile(r"https?://[^\s<>()\[\]\"']+", re.IGNORECASE)
_MOST_LINKS = 100
_VERDICTS = {one.value.lower(): one for one in OutsideCheck.Verdict}


def ask_due() -> int:
    """Ask about what is due; return how many answers came. Nothing of it happens in a transaction."""
    if not settings.CHECKER["url"]:
        return 0
    answered, started = 0, time.monotonic()
    for check in _due(clock.now()).order_by("due_at", "pk")[:200]:
        if time.monotonic() - started > ROUND:
            break
        lease = claim(_due(clock.now()), check, lasts=LEASE)
        if lease is not None:
            answered += _asked(lease)
    return answered


def _due(now: dt.datetime) -> QuerySet[OutsideCheck]:
    waiting = OutsideCheck.objects.filter(free(now), state="WAITING", due_at__lte=now)
    return waiting.select_related(
        "post__author", "post__board", "comment__author", "comment__post__board"
    )


def _asked(lease: Lease[OutsideCheck]) -> bool:
    check = lease.row
    thing = check.post or check.comment
    assert thing is not None
    if digest_of(thing) != check.digest:
        lease.end(state="GIVEN_UP", trouble="The words changed before it was asked.")
        return False
    try:
        verdict, reason = _answer(check, thing)
    except (outbound.NotAllowed, outbound.Unanswered, ValueError, RecursionError) as error:
        _failed(lease, str(error))
        return False
    source = urlsplit(settings.CHECKER["url"]).hostname or ""
    return apply(lease, verdict=verdict, reason=reason, source=source, now=clock.now())


def _failed(lease: Lease[OutsideCheck], why: str) -> None:
    logger.warning("The outside checker gave no verdict: %s", why)
    if lease.attempt > len(WAITS):
        lease.end(state="GIVEN_UP", trouble=why[:200])
        return
    due_at = clock.now() + WAITS[lease.attempt - 1]
    lease.end(due_at=due_at, trouble=why[:200])


def _answer(check: OutsideCheck, thing: Post | Comment) -> tuple[str, str]:
    """Return the verdict and its reason. Raises `ValueError` for an answer that is none, and what `outbound.post` raises."""
    now = clock.now()
    body = json.dumps(question(check, thing, now=now), ensure_ascii=False)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": check.public_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(settings.CHECKER["secret"]).sign(check.public_id, now, body),
    }
    answer = outbound.post(
        settings.CHECKER["url"], body=body.encode(), headers=headers, seconds=SECONDS
    )
    if answer.status != 200:
        raise ValueError(f"status {answer.status}")
    said = json.loads(answer.body)
    if not isinstance(said, dict) or said.get("verdict") not in _VERDICTS:
        raise ValueError("no verdict in the answer")
    reason = said.get("reason")
    line = text.one_line(reason) if isinstance(reason, str) else ""
    return _VERDICTS[said["verdict"]], visible.cut(line, 200)


def question(check: OutsideCheck, thing: Post | Comment, *, now: dt.datetime) -> dict[str, Any]:
    """Return what the checker is asked, as docs/guide/outside-checker.md describes it."""
    post = thing if isinstance(thing, Post) else thing.post
    is_post = isinstance(thing, Post)
    words = text.text_of(post.title, post.body) if is_post else thing.body
    name = "forum:post-detail" if is_post else "forum:comment-detail"
    author = thing.author
    return {
        "type": "post.check" if is_post else "comment.check",
        "version": VERSION,
        "timestamp": now.isoformat(),
        "data": {
            "id": thing.public_id,
            "url": settings.BASE_URL + reverse(name, args=[thing.public_id]),
            "board": post.board.slug,
            "title": post.title if is_post else "",
            "text": thing.body,
            "links": _LINK.findall(words)[:_MOST_LINKS],
            "language": post.language if is_post else text.language_of(thing.body),
            "author": {
                "id": author.public_id,
                "trust": trust_of(author, now=now).name.lower(),
                "age_in_hours": int((now - author.joined_at).total_seconds() // 3600),
            },
        },
    }


def tidy(*, now: dt.datetime) -> None:
    """Forget verdicts of long ago."""
    OutsideCheck.objects.filter(noted_at__lt=now - KEEP).delete()

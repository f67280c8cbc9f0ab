"""Posting without an account: the guest is a person like an imported author, and their words wait for the team."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from feedback.accounts.claiming.queries import claimer_of
from feedback.accounts.imported import Writer, bring_writers, mailable, origin_key
from feedback.accounts.models import GUEST, User
from feedback.accounts.own_data.erasing import known_again
from feedback.forum.models import Post
from feedback.forum.moderation.holding.judging import TITLE, by_words, wishes
from feedback.forum.permissions import may_post
from feedback.forum.posts.checked import publish_checked, said_in
from feedback.kernel import text
from feedback.kernel.refusals import Refusal

#: Among the grounds of what waits.
WITHOUT_ACCOUNT = "GUEST"


@dataclass(frozen=True, kw_only=True)
class Guest:
    """How somebody without an account calls themselves. Their ``email`` is for claiming alone: shown to nobody, mailed never."""

    name: str = ""
    email: str = ""
    language: str = ""


def post_as_guest(
    *,
    guest: Guest,
    words: dict[str, Any],
    draft: str,
    is_unchecked: bool = False,
    now: dt.datetime,
) -> Post:
    """Have a post of these cleaned ``words`` wait for the team, as that of ``guest``; the same ``draft`` is the same post.

    Raises `Refusal` where that is off, on a board that not everybody reads and posts on, and for words that are blocked,
    in the name too; then nothing of the guest is kept. Locks as `publish_post`.
    """
    board = words["board"]
    if not wishes().takes_guests:
        raise Refusal(_("Nobody posts without an account here any more. Sign in to post it."))
    if not may_post(AnonymousUser(), board):
        raise Refusal(_("You cannot post on this board any more."))
    by_words(board=board, said=said_in(words, board))
    named, named_for = by_words(board=board, said={TITLE: guest.name})
    return publish_checked(
        bring_guest(replace(guest, name=named[TITLE]), draft=draft, now=now),
        words,
        draft=draft,
        held_for=[WITHOUT_ACCOUNT, *named_for],
        is_unchecked=is_unchecked,
    )


def bring_guest(guest: Guest, *, draft: str, now: dt.datetime) -> User:
    """Return the person that ``guest`` is, made when there is none: one for each address with its name, else one for each ``draft``.

    With an address they can claim what is theirs. Whoever has claimed it by now posts under their account: what comes under
    their address again is somebody else's until they claim that too, for nobody has shown who sent it.
    """
    name = text.one_line(guest.name)
    email = mailable(guest.email) or mailable(name)
    if not email:
        return _brought(Writer(name=name), draft, guest.language, now=now)
    told_apart = f"{email}\n{text.fold(name)}"
    known_by = salted_hmac("feedback.forum.guests", told_apart, algorithm="sha256").hexdigest()[:32]
    if _has_gone(origin_key(GUEST, known_by, "")):
        known_by = f"{known_by}/{draft}"
    return _brought(Writer(known_by, name, email), draft, guest.language, now=now)


def _has_gone(key: str) -> bool:
    """Whether the guest known by ``key`` was claimed, or erased."""
    known = User.objects.filter(origin_key=key).exclude(origin_key="").first()
    return claimer_of(known) is not None if known is not None else bool(known_again([key]))


def _brought(writer: Writer, draft: str, language: str, *, now: dt.datetime) -> User:
    key = origin_key(GUEST, writer.key, draft)
    person = User.objects.get(pk=bring_writers({key: writer}, now=now)[key].pk)
    if language and not person.language:
        person.language = language
        person.save(update_fields=["language"])
    return person

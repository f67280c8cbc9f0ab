"""Somebody is named on a board now, or was taken off it by the team: they hear. What a ring invites to is told by itself."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.forum.closed.reading import may_read
from feedback.forum.models import Board
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _named
from feedback.notify.recipients import Audience
from feedback.roadmap.models import Ring


def key(entry: Entry) -> str:
    return f"board-member:{entry.pk}"


def facts(entry: Entry) -> Facts | None:
    """Nothing of whom a ring let in: they accepted. A board that they may not read is not named."""
    is_named = entry.verb == Verb.BOARD_MEMBER_NAMED
    if is_named and Ring.objects.filter(board=entry.subject_id).exists():
        return None
    board = Board.objects.filter(pk=entry.subject_id).first()
    person = User.objects.filter(public_id=entry.data["person"]).first()
    if board is None or person is None:
        return None
    if not may_read(person, board):
        return None if is_named else {"has": False}
    return {"has": is_named, "board": board.slug} | _named.names_of(board)


def recipients(entry: Entry) -> Iterable[Audience]:
    yield Audience(User.objects.filter(public_id=entry.data["person"]), asked=False)


def sentence(kept: Facts) -> str:
    if kept["has"]:
        return _("The team named you on a board: you may do there what others may not")
    return _("The team took you off a board that only those who are named on it use")


def url(kept: Facts) -> str:
    return reverse("forum:board-detail", args=[kept["board"]]) if "board" in kept else "/"


OCCASION = Occasion(
    verbs=(Verb.BOARD_MEMBER_NAMED, Verb.BOARD_MEMBER_TAKEN_OFF),
    group=Group.MODERATION,
    key=key,
    facts=facts,
    recipients=recipients,
    sentence=sentence,
    url=url,
    title=_named.title,
)

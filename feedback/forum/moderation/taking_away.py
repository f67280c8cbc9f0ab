"""Taking somebody's name, picture or words about themselves away for a ruling, and giving back exactly what it was."""

import datetime as dt
from collections.abc import Collection

from feedback.accounts.models import User
from feedback.forum.models import Ruling
from feedback.forum.moderation.holding.spelling import skeleton
from feedback.forum.moderation.models import TAKES_AWAY, Action

#: A face that was taken away is kept so long: until nobody appeals any more, and somebody has answered.
_KEPT_FOR = dt.timedelta(days=60)


def take_away(ruling: Ruling, author: User) -> None:
    """Take from ``author`` what ``ruling`` says; it lies with the ruling. Lock contract: their row, held."""
    column = TAKES_AWAY[Action(ruling.action)]
    ruling.before[column] = getattr(author, column)
    ruling.save(update_fields=["before"])
    _write(author, column, "")


def give_back(ruling: Ruling, author: User) -> None:
    """Give ``author`` back what ``ruling`` took, unless they have another by now or have gone. Lock contract: their row, held."""
    column = TAKES_AWAY.get(Action(ruling.action), "")
    if column in ruling.before and author.is_active and not getattr(author, column):
        _write(author, column, ruling.before[column])


def _write(author: User, column: str, value: str) -> None:
    setattr(author, column, value)
    author.save(update_fields=[column])


def taken_from(person: User) -> list[Ruling]:
    """Return the rulings by which ``person`` lost a name, a picture or words, and that stand; the last first."""
    taken = Ruling.objects.filter(case__person=person, action__in=TAKES_AWAY, undone_at=None)
    return list(taken.order_by("-pk"))


def is_taken_name(name: str, person: User) -> bool:
    """Whether the team took ``name`` from ``person`` away, however it is written now."""
    letters = skeleton(name)
    return bool(letters) and any(
        skeleton(one.before.get("display_name", "")) == letters for one in taken_from(person)
    )


def faces_kept(*, now: dt.datetime) -> Collection[str]:
    """Fill `accounts.faces`: return the pictures that may be given back."""
    lately = Ruling.objects.filter(action=Action.FACE, made_at__gt=now - _KEPT_FOR)
    return {face for one in lately if (face := one.before.get("face"))}


def forget_taken(person: User) -> None:
    """Forget what was taken from ``person``, who is erased."""
    for one in Ruling.objects.filter(case__person=person, action__in=TAKES_AWAY):
        one.before = {}
        one.save(update_fields=["before"])

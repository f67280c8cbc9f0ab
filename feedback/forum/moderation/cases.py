"""Opening a case: something is reported, held, or looked at by the team."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import Origin, User
from feedback.accounts.permissions import by_moderator
from feedback.forum.moderation.models import Case
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal

if TYPE_CHECKING:
    from feedback.forum.models import Comment, Post

#: Among the grounds of what everybody saw before it was changed.
WAS_PUBLIC = "EDIT"


def kind_of(thing: "Post | Comment | User") -> str:
    """Return what ``thing`` is: "post", "comment" or "person"."""
    name = thing._meta.model_name or ""
    return "person" if name == "user" else name


def key_of(thing: "Post | Comment | User") -> str:
    """Return the name of ``thing`` among all that may be reported."""
    return f"{kind_of(thing)}:{thing.public_id}"


def open_case(thing: "Post | Comment | User", *, now: dt.datetime) -> Case:
    """Return the open case of ``thing``, opened where there is none. Call in a transaction.

    Raises `Refusal` for who has no account here: their words are what can be looked at. Lock contract: its row, so that nobody closes it before the transaction ends.
    """
    if isinstance(thing, User) and thing.origin != Origin.SIGNED_UP:
        raise Refusal(_("This person has no account here: report what they wrote."))
    while True:
        made, _is_new = Case.objects.get_or_create(
            thing=key_of(thing),
            closed_at=None,
            defaults={kind_of(thing): thing, "opened_at": now},
        )
        held = Case.objects.select_for_update().filter(pk=made.pk, closed_at=None).first()
        if held is not None:
            return held


def hold(thing: "Post | Comment", *, held_for: Sequence[str], now: dt.datetime) -> Case:
    """Have ``thing``, which is kept unseen, wait for the team. Call in a transaction. Lock contract: as `open_case`."""
    return hold_in(open_case(thing, now=now), thing, held_for=held_for, now=now)


def hold_in(
    case: Case, thing: "Post | Comment", *, held_for: Sequence[str], now: dt.datetime
) -> Case:
    """Have ``thing`` wait as `hold` does, in its open ``case``, whose row the transaction holds."""
    case.held_for = list(held_for)
    case.save(update_fields=["held_for"])
    journal.write(
        verb=Verb.HELD,
        subject=thing,
        actor_id=None,
        now=now,
        data={"case": case.public_id, "for": list(held_for)},
    )
    return case


@by_moderator
def take_up(*, thing: "Post | Comment | User", actor: User, now: dt.datetime) -> Case:
    """Return the open case of ``thing``: the team looks at something that nobody reported."""
    with transaction.atomic():
        return open_case(thing, now=now)

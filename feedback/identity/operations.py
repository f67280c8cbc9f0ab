"""Saying how the site calls itself and looks: a draft first, shown by a second deed; undone, or as it was at first."""

import datetime as dt
from dataclasses import dataclass
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_administrator
from feedback.identity import colours, queries
from feedback.identity.logo import Logo, store_logo
from feedback.identity.models import DESCRIPTION_LENGTH, NAME_LENGTH, Look
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale, words_of

_WORDS = ("name", "description", "description_zh", "colour", "logo_is_name")
#: What was shown before and can come back.
_KEPT = 10


@dataclass(frozen=True, kw_only=True)
class Said:
    """What an administrator said of the site; ``logo`` is a file, None for the one that the draft has, ``no_logo`` takes that away."""

    name: str = ""
    description: str = ""
    description_zh: str = ""
    colour: str = ""
    logo_is_name: bool = False
    logo: IO[bytes] | None = None
    no_logo: bool = False


def words_said(look: Look | None) -> dict[str, str]:
    """Return what was said in ``look``, in words; nothing of none."""
    return words_of(look, _WORDS) if look is not None else {}


@by_administrator
def keep_draft(*, said: Said, actor: User, now: dt.datetime, seen: str | None = None) -> Look:
    """Keep ``said`` to be looked at; nobody else sees it. Raises `Refusal` for a colour or a picture that is none, and for too many words.

    ``seen`` is the mark of `words_said` that the actor began with: raises `StaleEdit` where another draft is there by now. Lock contract: the draft's row.
    """
    colour = _colour(said.colour)
    stored = store_logo(said.logo) if said.logo is not None else None
    with transaction.atomic():
        began = Look.objects.select_for_update().filter(state=Look.State.DRAFT).first()
        refuse_stale(words_said(began or queries.look_shown()), seen=seen)
        # Where two begin one at once there is one.
        Look.objects.bulk_create([_copy_of(queries.look_shown(), now=now)], ignore_conflicts=True)
        look = Look.objects.select_for_update().get(state=Look.State.DRAFT)
        look.name = typed.line(said.name, most=NAME_LENGTH)
        look.description = typed.line(said.description, most=DESCRIPTION_LENGTH)
        look.description_zh = typed.line(said.description_zh, most=DESCRIPTION_LENGTH)
        look.colour, look.said_at = colour, now
        if said.no_logo or stored is not None:
            _hang(look, stored)
        look.logo_is_name = said.logo_is_name and bool(look.logo)
        look.save()
    return look


def _colour(written: str) -> str:
    if not written.strip():
        return ""
    colour = colours.read(written)
    if colour is None:
        raise Refusal(_("Write the colour as # and six digits, such as #1e6fd9."), status=422)
    return colour


def _copy_of(look: Look | None, *, now: dt.datetime) -> Look:
    copied = Look(state=Look.State.DRAFT, said_at=now)
    if look is not None:
        _hang(copied, Logo(look.logo, look.logo_width, look.logo_height, look.plate))
    return copied


def _hang(look: Look, logo: Logo | None) -> None:
    logo = logo or Logo("", 0, 0, "")
    look.logo, look.plate = logo.key, logo.plate
    look.logo_width, look.logo_height = logo.width, logo.height


@by_administrator
@transaction.atomic
def discard_draft(*, actor: User, now: dt.datetime) -> bool:
    """Throw the draft away; return whether there was one."""
    gone, _rows = Look.objects.filter(state=Look.State.DRAFT).delete()
    return gone > 0


@by_administrator
def show_draft(*, actor: User, now: dt.datetime) -> Look:
    """Show the draft to everybody. Raises `Refusal` where there is none. Lock contract: the draft's row, then the shown one's."""
    with transaction.atomic():
        look = Look.objects.select_for_update().filter(state=Look.State.DRAFT).first()
        if look is None:
            raise Refusal(_("There is nothing to show: somebody has shown it or thrown it away."))
        _show(look, actor=actor, now=now)
    queries.forget()
    return look


@by_administrator
def undo(*, actor: User, now: dt.datetime) -> Look:
    """Show again what was shown before; doing so twice is as if it was not done. Raises `Refusal` where nothing was."""
    with transaction.atomic():
        shown = Look.objects.select_for_update().filter(state=Look.State.SHOWN).first()
        look = queries.look_before()
        if look is None or shown is None:
            raise Refusal(_("Nothing was shown before this."))
        _show(look, actor=actor, now=now)
    queries.forget()
    return look


@by_administrator
def reset(*, actor: User, now: dt.datetime) -> bool:
    """Show the site as the settings and the house have it; return whether it was another. It can be undone."""
    with transaction.atomic():
        shown = Look.objects.select_for_update().filter(state=Look.State.SHOWN).first()
        if shown is None or not (
            shown.name or shown.description or shown.description_zh or shown.colour or shown.logo
        ):
            return False
        _show(Look(said_at=now), actor=actor, now=now)
    queries.forget()
    return True


def _show(look: Look, *, actor: User, now: dt.datetime) -> None:
    """Put ``look`` in the place of what is shown, and keep that for a while."""
    before = Look.objects.select_for_update().filter(state=Look.State.SHOWN).first()
    if before is None:
        # As it was before anybody said anything, so that this can come back too.
        before = Look(said_at=now)
    last = queries.look_before()
    before.state, before.step = Look.State.PAST, last.step + 1 if last is not None else 1
    before.save()
    look.state, look.said_at = Look.State.SHOWN, now
    look.save()
    past = Look.objects.filter(state=Look.State.PAST).order_by("-step")
    Look.objects.filter(pk__in=list(past.values_list("pk", flat=True)[_KEPT:])).delete()
    data = {
        "name": look.name,
        "description": look.description,
        "description_zh": look.description_zh,
        "colour": look.colour,
        "logo": look.logo,
    }
    journal.write(verb=Verb.IDENTITY_CHANGED, subject=look, actor_id=actor.pk, now=now, data=data)

"""What the team writes about an ask for itself."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_team
from feedback.asks.models import Ask, Note
from feedback.asks.models.team import NOTE_LENGTH
from feedback.asks.queries import sources_of
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel import typed
from feedback.kernel.refusals import Refusal


def notes_of(ask: Ask) -> QuerySet[Note]:
    """Return the notes about ``ask`` and about what was joined into it, newest first."""
    return Note.objects.filter(ask__in=sources_of([ask.pk]), removed_at=None).select_related(
        "author"
    )


@by_team
@transaction.atomic
def write_note(*, ask: Ask, body: str, actor: User, now: dt.datetime) -> Note:
    """Write a note. Raises `Refusal` for an empty one."""
    body = typed.words(body, most=NOTE_LENGTH)
    if not body:
        raise Refusal(_("Write a note first."), status=422)
    note = Note.objects.create(ask=ask, author=actor, body=body, written_at=now)
    _entry(note, "written", actor=actor, now=now)
    return note


@by_team
@transaction.atomic
def remove_note(*, ask: Ask, note: Note, actor: User, now: dt.datetime) -> None:
    """Take a note of ``ask`` away; no-op where it is away."""
    if Note.objects.filter(pk=note.pk, removed_at=None).update(removed_at=now):
        _entry(note, "removed", actor=actor, now=now)


@by_team
@transaction.atomic
def restore_note(*, ask: Ask, note: Note, actor: User, now: dt.datetime) -> None:
    """Bring a note of ``ask`` back that was taken away; no-op where it is there."""
    if Note.objects.filter(pk=note.pk, removed_at__isnull=False).update(removed_at=None):
        _entry(note, "restored", actor=actor, now=now)


def _entry(note: Note, what: str, *, actor: User, now: dt.datetime) -> None:
    journal.write(
        verb=Verb.ASK_NOTED,
        subject=note.ask,
        actor_id=actor.pk,
        now=now,
        data={"ask": note.ask.public_id, "note": note.public_id, "what": what},
    )

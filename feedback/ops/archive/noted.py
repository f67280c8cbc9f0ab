"""When the site was last backed up, and when a backup last came back: in the journal, so that every machine of the site knows, whichever did it."""

import datetime as dt
from dataclasses import dataclass

from django.db import DatabaseError, transaction

from feedback.forum.products.operations import default_product
from feedback.journal import operations as journal
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb


@dataclass(frozen=True)
class Noted:
    """A backup was made, or came back, at that time. ``name`` is its file's."""

    at: dt.datetime
    name: str


def note(*, verb: Verb, name: str, now: dt.datetime) -> bool:
    """Note what became of the backup ``name``; return whether that was possible: a database of before an upgrade is backed up too."""
    try:
        with transaction.atomic():
            site = default_product(now=now)
            journal.write(verb=verb, subject=site, actor_id=None, now=now, data={"name": name})
    except DatabaseError:
        return False
    return True


def last(verb: Verb) -> Noted | None:
    """Return what was noted last, as far as this database knows: a restored site knows nothing of later backups."""
    entry = Entry.objects.filter(verb=verb).order_by("-id").first()
    return Noted(entry.at, entry.data["name"]) if entry is not None else None

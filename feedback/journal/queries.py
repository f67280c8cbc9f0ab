"""Reading what happened."""

from django.db import models
from django.db.models import QuerySet

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel import clock


def history_of(subject: models.Model) -> QuerySet[Entry]:
    """Return the entries about ``subject``, newest first."""
    return Entry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk
    ).order_by("-id")


def journal_end() -> tuple[int, str]:
    """Return the number of the last entry but for votes, and the hour: somebody may have used the admin.

    While it is the same, so is what is public, but for how many want it.
    """
    entries = Entry.objects.exclude(verb__in=[Verb.VOTED, Verb.UNVOTED, Verb.VOTE_WEIGHED])
    last = entries.order_by("-pk").values_list("pk", flat=True).first()
    return last or 0, f"{clock.now():%Y-%m-%d %H}"

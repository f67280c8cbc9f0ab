"""Reading what happened."""

from django.db import models
from django.db.models import QuerySet

from feedback.journal.models import Entry


def history_of(subject: models.Model) -> QuerySet[Entry]:
    """Return the entries about ``subject``, newest first."""
    return Entry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk
    ).order_by("-id")

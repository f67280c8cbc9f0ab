"""Reading what happened."""

from django.db import models
from django.db.models import QuerySet

from feedback.journal.models import Dispatch, Entry


def history_of(subject: models.Model) -> QuerySet[Entry]:
    """Return the entries about ``subject``, newest first."""
    return Entry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk
    ).order_by("-id")


def undelivered() -> QuerySet[Dispatch]:
    """Return the dispatches that are still to be delivered, oldest first."""
    return Dispatch.objects.filter(state=Dispatch.State.WAITING).order_by("due_at", "id")


def parked() -> QuerySet[Dispatch]:
    """Return the dispatches that failed too often and wait for a person."""
    return Dispatch.objects.filter(state=Dispatch.State.PARKED).order_by("id")

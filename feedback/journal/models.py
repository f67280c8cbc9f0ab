"""The append-only record of what happened, and who still has to hear of it."""

from typing import Any, NoReturn

from django.db import models

from feedback.journal.verbs import Verb
from feedback.kernel.public_ids import PublicIdField


class EntryQuerySet(models.QuerySet["Entry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("The journal is append-only: write a new entry instead.")

    def delete(self) -> NoReturn:
        raise TypeError("The journal is append-only: entries are not deleted.")


class Entry(models.Model):
    """One thing that happened. Serves the audit log, the activity feed and, by its dispatches, the outbox.

    Subjects and actors are plain numbers, not foreign keys: the journal is below every other room, and an
    entry outlives what it speaks of.
    """

    public_id = PublicIdField()
    at = models.DateTimeField(db_index=True)
    actor_id = models.BigIntegerField(
        null=True, help_text="The person's id; empty for the machine."
    )
    verb = models.CharField(max_length=60, help_text='What happened, as "room.past-tense".')
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    data = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="journal_subject"),
            models.Index(fields=["actor_id", "-id"], name="journal_actor"),
            models.Index(fields=["verb", "-id"], name="journal_verb"),
            # The receipt of each post asks for its moves; a post that many want has thousands of entries.
            models.Index(
                fields=["subject_id", "id"],
                name="journal_post_moved",
                condition=models.Q(verb=Verb.POST_CHANGED_BOARD.value),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}:{self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            raise TypeError("The journal is append-only: write a new entry instead.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("The journal is append-only: entries are not deleted.")


class Dispatch(models.Model):
    """One consumer has to hear of one entry. The row is written with the entry and closed with the effect."""

    class State(models.TextChoices):
        WAITING = "WAITING"
        DONE = "DONE"
        PARKED = "PARKED"

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="dispatches")
    consumer = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "dispatches"
        constraints = [
            models.UniqueConstraint(fields=["entry", "consumer"], name="journal_dispatch_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="journal_dispatch_waiting",
                condition=models.Q(state="WAITING"),
            ),
            models.Index(
                fields=["id"], name="journal_dispatch_parked", condition=models.Q(state="PARKED")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} hears of entry {self.entry_id}: {self.state}"

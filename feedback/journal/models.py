"""The append-only record of what happened, and who still has to hear of it."""

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

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
    at = models.DateTimeField(_("happened at"), db_index=True)
    actor_id = models.BigIntegerField(
        _("id of who did it"), null=True, help_text=_("The person's id; empty for the machine.")
    )
    verb = models.CharField(
        _("verb"), max_length=60, help_text=_('What happened, as "room.past-tense".')
    )
    subject_type = models.CharField(_("kind of subject"), max_length=40)
    subject_id = models.BigIntegerField(_("id of the subject"))
    data = models.JSONField(_("data"), default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
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
        WAITING = "WAITING", _("Waiting")
        DONE = "DONE", _("Done")
        PARKED = "PARKED", _("Parked")

    entry = models.ForeignKey(
        Entry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="dispatches"
    )
    consumer = models.CharField(_("consumer"), max_length=60)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    due_at = models.DateTimeField(_("due at"))
    leased_until = models.DateTimeField(_("leased until"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
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

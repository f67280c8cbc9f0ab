"""The mailbox in which replies and bounces arrive: how far it has been read, and what came of each mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mailbox(models.Model):
    """One mailbox, as far as it has been read. One worker at a time reads it."""

    place = models.CharField(max_length=300, unique=True, help_text="user@host/folder")
    uid_validity = models.BigIntegerField(
        default=0, help_text="While the server says the same, a UID names the same mail."
    )
    last_uid = models.BigIntegerField(default=0, help_text="All up to this one have been read.")
    waiting = models.PositiveIntegerField(default=0, help_text="Mails after it, at the last look.")
    looked_at = models.DateTimeField(null=True, help_text="When it could last be read.")
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveBigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return self.place


class ArrivedMail(models.Model):
    """One mail that arrived, and what came of it, written together: no mail comes to anything twice.

    Of the mail itself nothing is kept.
    """

    class Outcome(models.TextChoices):
        COMMENTED = "COMMENTED", _("Became a comment")
        REFUSED = "REFUSED", _("Could not become a comment; its writer was told why")
        BOUNCED = "BOUNCED", _("Says that a mail of ours did not arrive")
        COMPLAINED = "COMPLAINED", _("Says that a mail of ours was reported as spam")
        LEFT = "LEFT", _("Left alone")
        UNREADABLE = "UNREADABLE", _("Could not be read")

    key = models.CharField(max_length=64, unique=True, help_text="A digest of what names it.")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    arrived_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.outcome}"

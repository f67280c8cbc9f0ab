"""What people were told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.journal.models import Entry
from feedback.kernel.public_ids import PublicIdField


class Notice(models.Model):
    """One person is told one thing, once."""

    public_id = PublicIdField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="notices",
    )
    key = models.CharField(
        _("key"), max_length=120, help_text=_("What it tells of; a person hears of it once.")
    )
    thread = models.CharField(
        _("thread"),
        max_length=60,
        blank=True,
        help_text=_(
            'What it belongs to, as "ask:" and a public id: the inbox folds these together.'
        ),
    )
    entry = models.ForeignKey(
        Entry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="+"
    )
    data = models.JSONField(
        _("data"), default=dict, help_text=_("What the sentence needs, as it was then.")
    )
    told_at = models.DateTimeField(_("told at"))
    read_at = models.DateTimeField(_("read at"), null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="notify_told_once"),
        ]
        indexes = [
            models.Index(fields=["person", "-told_at", "-id"], name="notify_inbox"),
            models.Index(
                fields=["person"], name="notify_unread", condition=Q(read_at__isnull=True)
            ),
            models.Index(fields=["entry"], name="notify_of_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.key} to {self.person_id}"

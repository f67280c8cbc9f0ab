"""What goes out by mail, what has gone, and which addresses take none."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.kernel.public_ids import PublicIdField
from feedback.notify.groups import Pace
from feedback.notify.models.notices import Notice


class Mail(models.Model):
    """One mail to one person: made of all deliveries that were due for them, and sent under one Message-ID.

    Its deliveries never change once it is made, so that whoever gets it twice, after a crash between the server's yes and ours,
    has two copies of one mail.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting to be sent")
        SENT = "SENT", _("Sent")
        REFUSED = "REFUSED", _("Refused by the server of the address")
        DROPPED = "DROPPED", _("Not sent: not wanted any more")

    public_id = PublicIdField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mails"
    )
    address = models.EmailField(blank=True, help_text="Forgotten some weeks after.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(
        null=True, help_text="When a provider told that it arrived; SMTP tells nothing of it."
    )
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="notify_mail_waiting", condition=Q(state="WAITING")
            ),
            models.Index(fields=["id"], name="notify_mail_refused", condition=Q(state="REFUSED")),
        ]

    def __str__(self) -> str:
        return f"mail {self.public_id}: {self.state}"

    @property
    def message_id(self) -> str:
        """What names it to mail programs, the same for every copy."""
        return f"<{self.public_id}.{int(self.made_at.timestamp())}@{settings.MAIL_DOMAIN}>"


class Delivery(models.Model):
    """A notice has to reach its person by mail too. It waits until it is due, then goes into a `Mail`."""

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="delivery")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries"
    )
    pace = models.CharField(max_length=8, choices=Pace.choices)
    due_at = models.DateTimeField()
    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, null=True, related_name="deliveries")

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["due_at", "person"],
                name="notify_to_be_mailed",
                condition=Q(mail__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"notice {self.notice_id} by mail"


class ClosedAddress(models.Model):
    """An address that takes no mail, or whose owner said they want none: nothing is sent there any more."""

    class Why(models.TextChoices):
        REFUSED = "REFUSED", _("The address does not exist, or takes no mail")
        COMPLAINED = "COMPLAINED", _("Mail to it was reported as spam")

    address = models.EmailField(unique=True, help_text="In small letters.")
    why = models.CharField(max_length=12, choices=Why.choices)
    said = models.TextField(blank=True, help_text="What the server said.")
    closed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "closed addresses"

    def __str__(self) -> str:
        return f"{self.address}: {self.why}"

"""Devices that show their person what is new (Web Push), what has to go there and what has gone, and the site's own key."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn
from feedback.notify.models.notices import Notice


class PushKey(models.Model):
    """The key by which push services know this site (VAPID, RFC 8292): one row, made once.

    ``private`` is as good as a password, and every device is bound to it: without it all have to be turned on anew.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    private = models.CharField(max_length=64, help_text="The number itself, base64url.")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return "the site's key for push services"


class Device(models.Model):
    """A browser that shows its person what is new.

    ``endpoint`` is where the push service of its maker takes messages, ``p256dh`` and ``auth`` are what they are encrypted with
    (RFC 8291): as good as passwords, shown nowhere, and forgotten when the device is off.
    """

    class Off(models.TextChoices):
        GONE = "GONE", _("The browser takes no more news from here")
        MOVED = "MOVED", _("Somebody else turned news on in this browser")

    public_id = PublicIdField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices"
    )
    name = LineColumn(most=60)
    endpoint = models.TextField(blank=True)
    digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the endpoint; empty when it is off."
    )
    service = models.CharField(max_length=253, help_text="The host of the endpoint.")
    p256dh = models.CharField(max_length=120, blank=True)
    auth = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()
    off = models.CharField(
        max_length=8, choices=Off.choices, blank=True, help_text="Empty while it is on."
    )
    off_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True, help_text="When anything last did.")
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, help_text="Of the last failure.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], name="notify_device_once", condition=~Q(digest="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.person_id}"

    @property
    def is_on(self) -> bool:
        return not self.off


class Push(models.Model):
    """One message to one device: made of all deliveries that were due for it, or a trial.

    Its deliveries never change once it is made, so that a device that gets it twice, after a crash between the service's yes
    and ours, gets two copies of one message, and shows one.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting to be sent")
        SENT = "SENT", _("Taken by the push service")
        REFUSED = "REFUSED", _("Refused by the push service, or given up")
        DROPPED = "DROPPED", _("Not sent: not wanted any more")

    public_id = PublicIdField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pushes"
    )
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True, related_name="pushes")
    is_trial = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "pushes"
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="notify_push_waiting", condition=Q(state="WAITING")
            ),
            models.Index(fields=["id"], name="notify_push_refused", condition=Q(state="REFUSED")),
        ]

    def __str__(self) -> str:
        return f"push {self.public_id}: {self.state}"


class PushDelivery(models.Model):
    """A notice has to reach a device of its person too. It waits until it is due, then goes into a `Push`."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="to_devices")
    device = models.ForeignKey(
        Device, on_delete=models.SET_NULL, null=True, related_name="deliveries"
    )
    due_at = models.DateTimeField()
    push = models.ForeignKey(Push, on_delete=models.CASCADE, null=True, related_name="deliveries")

    class Meta:
        verbose_name_plural = "push deliveries"
        constraints = [
            models.UniqueConstraint(fields=["notice", "device"], name="notify_pushed_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "device"],
                name="notify_to_be_pushed",
                condition=Q(push__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"notice {self.notice_id} to device {self.device_id}"

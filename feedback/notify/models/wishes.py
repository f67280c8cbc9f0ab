"""What people want to hear of, and how."""

from django.conf import settings
from django.db import models

from feedback.notify.groups import About


class Subscription(models.Model):
    """A person follows one thing, or has muted it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions"
    )
    about = models.CharField(max_length=12, choices=About.choices)
    about_id = models.BigIntegerField(help_text="Its primary key.")
    is_muted = models.BooleanField(default=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "about", "about_id"], name="notify_subscribed_once"
            )
        ]
        indexes = [models.Index(fields=["about", "about_id"], name="notify_followed")]

    def __str__(self) -> str:
        return f"{self.person_id} {'mutes' if self.is_muted else 'follows'} {self.about} {self.about_id}"


class Wishes(models.Model):
    """How one person wants to be told; who has none is told as `feedback.notify.groups` has it."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wishes"
    )
    mail = models.JSONField(
        default=dict, help_text="When a group of occasions is mailed, by its name: a `Pace`."
    )
    push = models.JSONField(
        default=dict, help_text="Whether a group of occasions is shown on devices, by its name."
    )
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "wishes"

    def __str__(self) -> str:
        return f"wishes of {self.person_id}"

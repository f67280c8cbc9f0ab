"""Who asked to be erased."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Erasure(models.Model):
    """A person asked to be erased. Their account is closed at once; the worker erases what is theirs.

    The person's own row stays, without a name: what people counted, and what a log says, keeps its truth.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="erasure"
    )
    keeps_words = models.BooleanField(
        help_text="Their posts and comments stay, by a former member; else their words go too."
    )
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(done_at=None), name="accounts_erasure_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} is erased"

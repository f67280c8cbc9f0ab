"""What encoders made of the posts' words."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from feedback.grouping.vectors.fields import EmbeddingField


class EncoderModel(models.Model):
    """A model that turned text into vectors here. Vectors of different keys are never compared."""

    model_key = models.CharField(max_length=120, unique=True)
    dims = models.PositiveIntegerField()
    views = models.JSONField(help_text="[[name, start, stop], ...]: the parts of a vector.")
    spec = models.CharField(
        max_length=200,
        blank=True,
        help_text="Its name in HEED_ENCODER; name@address for another server's.",
    )
    is_current = models.BooleanField(default=False)
    first_seen_at = models.DateTimeField()
    chosen_at = models.DateTimeField(null=True, blank=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    set_aside_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody said to stay with another model."
    )
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody said that its vectors may go."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="grouping_one_current_model",
            )
        ]

    def __str__(self) -> str:
        return self.model_key


class Vector(models.Model):
    """What an encoder made of one text. Posts with the same words share it."""

    content_hash = models.CharField(max_length=32)
    model_key = models.CharField(max_length=120)
    embedding = EmbeddingField()
    lead = models.TextField(
        blank=True, help_text="What leads in the text; empty where it leads as a whole."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model_key", "content_hash"], name="grouping_vector_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.model_key}:{self.content_hash}"


class Comparison(models.Model):
    """What another model would change, computed beside the current one, for people to see before they switch."""

    class State(models.TextChoices):
        WAITING = "WAITING"
        RUNNING = "RUNNING"
        READY = "READY"
        FAILED = "FAILED"
        STALE = "STALE"

    current = models.ForeignKey(EncoderModel, on_delete=models.CASCADE, related_name="+")
    candidate = models.ForeignKey(EncoderModel, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    figures = models.JSONField(default=dict, help_text="Posts that move, asks touched, and so on.")
    changes = models.JSONField(default=list, help_text="The asks that change, most people first.")
    requested_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["current", "candidate"],
                condition=Q(state__in=["WAITING", "RUNNING", "READY"]),
                name="grouping_one_comparison",
            )
        ]

    def __str__(self) -> str:
        return f"{self.current} -> {self.candidate}"

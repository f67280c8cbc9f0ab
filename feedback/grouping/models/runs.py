"""The runs that group a product's posts anew."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from feedback.forum.models import Product


class RunQuerySet(models.QuerySet["Run"]):
    def last_done(self, product: Product, model_key: str | None = None) -> "Run | None":
        """Return the last run of a product that is done, of one model when asked; None before the first."""
        done = self.filter(product=product, state=Run.State.DONE)
        if model_key is not None:
            done = done.filter(model_key=model_key)
        return done.order_by("-id").first()


class Run(models.Model):
    """One regrouping of a product's posts."""

    class State(models.TextChoices):
        WAITING = "WAITING"
        RUNNING = "RUNNING"
        DONE = "DONE"
        FAILED = "FAILED"

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, related_name="runs"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    model_key = models.CharField(max_length=120, blank=True)
    stage = models.CharField(max_length=20, blank=True, help_text="What it is doing now.")
    post_count = models.PositiveIntegerField(default=0)
    group_count = models.PositiveIntegerField(default=0, help_text="Groups of two posts or more.")
    alone_count = models.PositiveIntegerField(default=0)
    new_ask_count = models.PositiveIntegerField(default=0)
    found_count = models.PositiveIntegerField(
        default=0, help_text="Posts that were there before and have an ask only now."
    )
    moved_count = models.PositiveIntegerField(
        default=0, help_text="Posts that were there before and went to another ask."
    )
    known_decision = models.BigIntegerField(
        default=0, help_text="The last decision that it knew when it began."
    )
    threshold = models.FloatField(null=True)
    timings = models.JSONField(default=dict, help_text="Seconds a stage.")
    error = models.TextField(blank=True)

    objects = RunQuerySet.as_manager()

    #: From here on all that it found is kept, in `Finding`: a worker that takes it up goes on with that.
    APPLYING, ARRANGING = "applying", "arranging"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product"], condition=Q(state="WAITING"), name="grouping_one_waiting_run"
            ),
            models.UniqueConstraint(
                fields=["product"], condition=Q(state="RUNNING"), name="grouping_one_running_run"
            ),
        ]

    def __str__(self) -> str:
        return f"Run {self.pk} {self.state}"

    def goes_on(self, model_key: str) -> bool:
        """Whether what it found, with the model of this key, is kept and has only to be written."""
        return self.model_key == model_key and self.stage in (self.APPLYING, self.ARRANGING)


class Finding(models.Model):
    """A piece of what a run found that is still to be written: written and deleted in one transaction."""

    class Kind(models.TextChoices):
        ASKS = "ASKS"
        OPPOSITES = "OPPOSITES"
        PROPOSALS = "PROPOSALS"
        MARKS = "MARKS"
        QUESTIONS = "QUESTIONS"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, db_index=False, related_name="findings")
    number = models.PositiveIntegerField(help_text="They are written in this order.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    data = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="grouping_finding_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of run {self.run_id}"

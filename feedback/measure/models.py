"""How good the grouping is and what grows: judgements, readings, calibrations, alerts."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.asks.models import Ask
from feedback.forum.models import Post, Product
from feedback.kernel.public_ids import PublicIdField
from feedback.measure.priority.models import Estimate, ProductWishes

__all__ = [
    "Alert",
    "Calibration",
    "Estimate",
    "Judgement",
    "ProductWishes",
    "QualityReading",
    "SetThreshold",
]


class Judgement(models.Model):
    """A person's word on a sampled piece of the machine's work. It measures; it moves nothing."""

    class Kind(models.TextChoices):
        MEMBERSHIP = "MEMBERSHIP", _("A post and the ask a run put it in")
        PLACEMENT = "PLACEMENT", _("A new post and the ask it joined")
        CANDIDATE = "CANDIDATE", _("A new post and the ask it nearly joined")
        PAIR = "PAIR", _("Two posts that are not together")

    class Verdict(models.TextChoices):
        SAME = "SAME", pgettext_lazy("judgement", "Yes")
        OTHER = "OTHER", pgettext_lazy("judgement", "No")
        UNSURE = "UNSURE", pgettext_lazy("judgement", "Cannot tell")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    verdict = models.CharField(max_length=6, choices=Verdict.choices)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    other_post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="+")
    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, null=True, related_name="+")
    score = models.FloatField(null=True, help_text="The machine's own similarity, -1 to 1.")
    model_key = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["MEMBERSHIP", "PLACEMENT", "CANDIDATE"],
                    ask__isnull=False,
                    other_post__isnull=True,
                )
                | Q(
                    kind="PAIR",
                    ask__isnull=True,
                    other_post__isnull=False,
                    other_post__gt=models.F("post"),
                ),
                name="measure_judgement_shape",
            ),
            models.UniqueConstraint(
                fields=["post", "ask"],
                condition=Q(ask__isnull=False),
                name="asks_membership_judged_once",
            ),
            models.UniqueConstraint(
                fields=["post", "other_post"],
                condition=Q(other_post__isnull=False),
                name="measure_pair_judged_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.verdict}"


class QualityReading(models.Model):
    """How good the grouping of a product was on one day, as far as it can be measured here."""

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, related_name="quality_readings"
    )
    day = models.DateField()
    model_key = models.CharField(max_length=120, blank=True)
    figures = models.JSONField(default=dict)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["product", "day"], name="measure_reading_a_day")
        ]

    def __str__(self) -> str:
        return f"Quality on {self.day}"


class Calibration(models.Model):
    """The threshold that a product's own decisions ask for, of one model."""

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, related_name="calibrations"
    )
    model_key = models.CharField(max_length=120)
    threshold = models.FloatField(help_text="Mean cosine from which a post joins an ask.")
    precision_wanted = models.FloatField()
    precision_found = models.FloatField(help_text="Share of right placements above the threshold.")
    precision_low = models.FloatField(help_text="Lower bound of that share, 95 %.")
    judged_count = models.PositiveIntegerField(help_text="Placements that people judged.")
    calibrated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "model_key"], name="measure_calibration_of_model"
            )
        ]

    def __str__(self) -> str:
        return f"{self.model_key}: {self.threshold:.2f}"


class SetThreshold(models.Model):
    """The threshold that a person chose for a product and a model. It goes before the calibrated one."""

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, db_index=False, related_name="set_thresholds"
    )
    model_key = models.CharField(max_length=120)
    threshold = models.FloatField(help_text="Mean cosine from which a post joins an ask.")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "model_key"], name="measure_threshold_of_model"
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=0, threshold__lte=1), name="measure_threshold_is_cosine"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model_key}: {self.threshold:.2f}"


class Alert(models.Model):
    """Something that grows faster than the forum does, with the evidence; for the team to look at."""

    class Kind(models.TextChoices):
        GROWTH = "GROWTH", _("Growing")
        BURST = "BURST", _("Burst")
        RELEASE = "RELEASE", _("After a release")
        MIND = "MIND", _("What would change our mind")

    public_id = PublicIdField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="alerts")
    fingerprint = models.CharField(max_length=120, unique=True)
    strength = models.FloatField(help_text="How many times the expected number, a lower bound.")
    people_count = models.PositiveIntegerField(default=0, help_text="People in the window.")
    evidence = models.JSONField(default=dict)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["seen_at", "ended_at", "-strength"], name="measure_alert_open")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint}"

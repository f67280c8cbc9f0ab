"""What the team thinks of an ask, and by which formula a product weighs its asks."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.asks.models import Ask
from feedback.engine.stats.formula import MOST_LETTERS
from feedback.forum.models import Product

#: Person-weeks of the largest effort that is believed.
LARGEST_EFFORT = 500


class Estimate(models.Model):
    """What the team thinks an ask would change, how sure it is of that, and what it would cost; each may be unsaid."""

    ask = models.OneToOneField(Ask, on_delete=models.CASCADE, related_name="estimate")
    impact = models.DecimalField(_("impact"), max_digits=4, decimal_places=2, null=True)
    confidence = models.PositiveSmallIntegerField(_("confidence"), null=True, help_text="Percent.")
    effort = models.DecimalField(
        _("effort"), max_digits=5, decimal_places=1, null=True, help_text="Person-weeks."
    )
    estimated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    estimated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(effort__isnull=True) | Q(effort__gt=0, effort__lte=LARGEST_EFFORT),
                name="measure_estimate_effort",
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__lte=100),
                name="measure_estimate_confidence",
            ),
        ]

    def __str__(self) -> str:
        return f"Estimate of {self.ask_id}"


class ProductWishes(models.Model):
    """How a product is measured, as far as its team chose it: one row, of a product that has chosen."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="+")
    formula = models.CharField(
        _("formula"), max_length=MOST_LETTERS, blank=True, help_text="Empty: the usual one."
    )
    shows_coverage = models.BooleanField(
        default=True, help_text="Everybody may see how well its team answers."
    )

    def __str__(self) -> str:
        return f"Wishes of {self.product_id}"

"""How a release did with the prompts of an ask."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.asks.models.asks import Ask
from feedback.kernel.typed import LineColumn

VERSION_LENGTH = 40


class EvalResult(models.Model):
    """How many of the prompts of an ask one release passed, as the team brought it from its own eval; the last one brought stands."""

    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="evals")
    version = LineColumn(_("release"), most=VERSION_LENGTH)
    passed = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    is_public = models.BooleanField(
        default=False, help_text="Stands on the public page of the ask."
    )
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    brought_at = models.DateTimeField()

    class Meta:
        ordering = ["-brought_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["ask", "version"], name="asks_eval_once"),
            models.CheckConstraint(
                condition=Q(total__gt=0) & Q(passed__lte=F("total")), name="asks_eval_of_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.passed}/{self.total} in {self.version}"

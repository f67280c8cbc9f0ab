"""Columns of the roadmap of a product, where somebody chose them."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback.asks.stages import Stage
from feedback.forum.models import NAME_LENGTH, Product
from feedback.kernel.typed import LineColumn


class Column(models.Model):
    """A column of the board, and what the other overviews show. A product without a row has the usual ones."""

    class ShownTo(models.TextChoices):
        EVERYONE = "EVERYONE", pgettext_lazy("who sees a column", "Everyone")
        TEAM = "TEAM", pgettext_lazy("who sees a column", "The team only")
        NOBODY = "NOBODY", pgettext_lazy("who sees a column", "Nobody: it is hidden")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="columns")
    position = models.PositiveSmallIntegerField()
    name = LineColumn(_("name"), most=NAME_LENGTH, blank=True)
    name_zh = LineColumn(_("name in Chinese"), most=NAME_LENGTH, blank=True)
    stages = models.JSONField(help_text="The stages it holds, in the order of the way.")
    shown_to = models.CharField(
        _("who sees it"), max_length=8, choices=ShownTo.choices, default=ShownTo.EVERYONE
    )

    class Meta:
        ordering = ["product", "position"]
        constraints = [
            models.UniqueConstraint(fields=["product", "position"], name="roadmap_column_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Its name in the reader's language; without one, the stages that it holds."""
        named = self.name_zh if (get_language() or "").startswith("zh") else ""
        return named or self.name or " · ".join(str(Stage(stage).label) for stage in self.stages)

    @property
    def first(self) -> str:
        """The stage whose shape stands for it."""
        return str(self.stages[0])

    @property
    def is_for_team(self) -> bool:
        """Whether only the team sees it."""
        return self.shown_to == self.ShownTo.TEAM

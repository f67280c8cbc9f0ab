"""What a release changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.kernel.typed import LineColumn
from feedback.roadmap import lengths
from feedback.roadmap.models.items import Item
from feedback.roadmap.models.releases import Release


class Category(models.TextChoices):
    """What kind of change a line tells of."""

    NEW = "NEW", pgettext_lazy("changelog", "New")
    BETTER = "BETTER", pgettext_lazy("changelog", "Better")
    MENDED = "MENDED", pgettext_lazy("changelog", "Mended")


class ChangelogLine(models.Model):
    """What a release changed, in the user's words, with credit to those who asked."""

    release = models.ForeignKey(
        Release, verbose_name=_("release"), on_delete=models.PROTECT, related_name="lines"
    )
    item = models.OneToOneField(
        Item,
        verbose_name=_("roadmap item"),
        on_delete=models.PROTECT,
        related_name="changelog_line",
    )
    text = LineColumn(_("what changed"), most=lengths.LINE)
    category = models.CharField(
        _("kind of change"), max_length=6, choices=Category.choices, default=Category.NEW
    )
    people_count = models.PositiveIntegerField(
        _("people behind it"), help_text=_("Everyone behind its asks when it shipped.")
    )
    credited = models.JSONField(
        _("credited"),
        default=list,
        help_text=_("Public ids of the authors to name, first to ask first."),
    )
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("changelog line")
        verbose_name_plural = _("changelog lines")
        ordering = ["-people_count", "id"]

    def __str__(self) -> str:
        return self.text

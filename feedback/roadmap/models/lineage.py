"""What became of what: items that were joined, and items that were split off."""

from django.db import models
from django.utils.translation import pgettext_lazy

from feedback.roadmap.models.items import Item
from feedback.roadmap.models.releases import Release


class Reshaping(models.Model):
    """Asks went from one item to another: all of them when it was joined, some when the other was split off."""

    class Kind(models.TextChoices):
        JOIN = "JOIN", pgettext_lazy("two items", "Joined")
        SPLIT = "SPLIT", pgettext_lazy("an item", "Split off")

    kind = models.CharField(max_length=5, choices=Kind.choices)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="gave")
    other = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="took")
    asks = models.JSONField(help_text="Primary keys of the asks that went.")
    release = models.ForeignKey(
        Release,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="What the joined item was planned for.",
    )
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id} {self.other_id}"

    @property
    def is_join(self) -> bool:
        """Whether the item became part of the other."""
        return self.kind == self.Kind.JOIN

"""What only the team keeps about asks: notes, and views of their table."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.asks.models.asks import Ask
from feedback.forum.models import Product
from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

NOTE_LENGTH = 4000
VIEW_NAME_LENGTH = 60
QUERY_LENGTH = 1000


class Note(models.Model):
    """Words of the team about an ask that nobody else reads."""

    public_id = PublicIdField()
    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(_("note"), max_length=NOTE_LENGTH)
    written_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True, help_text="Kept to be taken back.")

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-written_at", "-id"]

    def __str__(self) -> str:
        return self.body[:60]


class SavedView(models.Model):
    """A view of the table of asks that somebody keeps: what it is filtered and sorted by."""

    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = LineColumn(_("name"), most=VIEW_NAME_LENGTH)
    query = models.CharField(max_length=QUERY_LENGTH, help_text="The query of its address.")
    is_shared = models.BooleanField(default=False, help_text="Everybody of the team sees it.")
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True, help_text="Kept to be taken back.")

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

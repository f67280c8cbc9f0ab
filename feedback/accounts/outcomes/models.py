"""What came of what people did here, as it was counted last."""

from django.conf import settings
from django.db import models


class Standing(models.Model):
    """What came of what a person did: a copy of what the tables say, which `counting` makes anew. No row where nothing came of it yet."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="standing",
    )
    counts = models.JSONField(default=dict, help_text='{"asks": 2, ...}: outcomes by their kind.')
    total = models.PositiveIntegerField(
        default=0, db_index=True, help_text="Those that raise trust, of all kinds."
    )
    new_until = models.DateTimeField(
        null=True, help_text="Until then trusted as who has just come."
    )
    member_until = models.DateTimeField(
        null=True, help_text="Until then trusted as a member at most."
    )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.total}"

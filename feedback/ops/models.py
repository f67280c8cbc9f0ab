"""What was counted again in which night."""

from django.db import models


class Night(models.Model):
    """A day of the site on which all that is counted is counted again, by one worker at a time."""

    day = models.DateField(unique=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    counted_at = models.DateTimeField(null=True, help_text="When all of it was done.")
    drift = models.JSONField(
        default=dict, help_text="Rows of each kind that said something else than there is."
    )

    def __str__(self) -> str:
        return f"night of {self.day}"

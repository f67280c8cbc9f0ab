"""What the machine learned from what the team removed and let stand."""

from django.db import models


class LearnedVerdicts(models.Model):
    """One row: the weights in force, with what they were learned from."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    weights = models.BinaryField(help_text="Little-endian floats of 4 bytes; empty: nothing holds.")
    threshold = models.FloatField(default=0.0)
    caught = models.FloatField(
        default=0.0, help_text="Share of what was removed that would have been held unseen."
    )
    removed_count = models.PositiveIntegerField(default=0)
    stood_count = models.PositiveIntegerField(default=0)
    last_ruling = models.BigIntegerField(default=0, help_text="The last ruling that was known.")
    learned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"from {self.removed_count} removed and {self.stood_count} that stood"

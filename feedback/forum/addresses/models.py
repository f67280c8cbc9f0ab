"""Where posts were shown before they came here."""

from django.db import models


class OldAddress(models.Model):
    """Where a post was shown by the tool that it came from: a path with what is asked of it. It leads to the post."""

    path = models.CharField(max_length=500, unique=True)
    post = models.ForeignKey("forum.Post", on_delete=models.CASCADE, related_name="old_addresses")

    def __str__(self) -> str:
        return self.path

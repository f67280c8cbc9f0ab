"""That somebody stands behind what their agent posted."""

from django.conf import settings
from django.db import models


class Confirmation(models.Model):
    """The person for whom an agent acts said of its post: it happened to me. From then on the post is theirs, as its author."""

    post = models.OneToOneField(
        "forum.Post", on_delete=models.CASCADE, related_name="agent_confirmation"
    )
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.post_id} of {self.agent_id}"

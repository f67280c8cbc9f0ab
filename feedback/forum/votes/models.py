"""Votes: one person wants a post, and how much it matters to them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Importance(models.TextChoices):
    """How much something matters to whoever wants it."""

    NICE = "NICE", pgettext_lazy("how important it is", "Nice to have")
    IMPORTANT = "IMPORTANT", pgettext_lazy("how important it is", "Important")
    CRITICAL = "CRITICAL", pgettext_lazy("how important it is", "Critical")


class SeenBy(models.TextChoices):
    """Who may see the names of those who want a post."""

    EVERYONE = "EVERYONE", _("Everyone")
    MEMBERS = "MEMBERS", _("Whoever has an account")
    RING = "RING", _("Those who are named on it, and the team")
    TEAM = "TEAM", _("The team alone")


class Vote(models.Model):
    """One person wants this post. A row is a vote; taking it back deletes the row."""

    post = models.ForeignKey("forum.Post", on_delete=models.CASCADE, related_name="votes")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="votes"
    )
    voted_at = models.DateTimeField()
    importance = models.CharField(
        max_length=10, choices=Importance.choices, blank=True, help_text="Empty: they did not say."
    )

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(fields=["post", "person"], name="forum_vote_once"),
        ]
        indexes = [models.Index(fields=["person", "post"], name="forum_vote_person")]

    def __str__(self) -> str:
        return f"{self.person_id} wants {self.post_id}"

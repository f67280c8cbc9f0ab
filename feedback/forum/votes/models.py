"""Votes: one person wants a post, and how much it matters to them."""

from django.conf import settings
from django.db import models
from django.db.models import F
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


#: Posts in the order of how many people want them at least; a crowd counts as a few (docs/adr/0104).
BY_PEOPLE = (F("vote_count") - F("crowded")).desc()


class Wanted(models.Model):
    """By how many people a post is wanted, as columns."""

    vote_count = models.PositiveIntegerField(_("number of votes"), default=0)
    votes_elsewhere = models.PositiveIntegerField(
        _("votes elsewhere"),
        default=0,
        help_text=_("Counted where it was imported from, without names; never people."),
    )
    crowded = models.IntegerField(
        _("of a crowd"),
        default=0,
        db_default=0,
        help_text=_("By how many fewer its people count, as some of them came as a crowd."),
    )

    class Meta:
        abstract = True


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

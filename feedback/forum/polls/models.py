"""Polls: the team asks before it builds. One ballot a person."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

QUESTION_LENGTH = 200
OPTION_LENGTH = 120
LEAST_OPTIONS, MOST_OPTIONS = 2, 8


class Shown(models.TextChoices):
    """When the results of a poll are shown to those who are not of the team."""

    ALWAYS = "ALWAYS", _("At once, to everyone")
    ANSWERED = "ANSWERED", _("After answering, and once it is closed")
    CLOSED = "CLOSED", _("Once it is closed")


class Poll(models.Model):
    """A question of the team under a post, with options to choose from, open until a day."""

    public_id = PublicIdField()
    post = models.OneToOneField("forum.Post", on_delete=models.CASCADE, related_name="poll")
    question = LineColumn(_("question"), most=QUESTION_LENGTH)
    takes_several = models.BooleanField(_("several answers may be chosen"), default=False)
    shown = models.CharField(
        _("results are shown"), max_length=8, choices=Shown.choices, default=Shown.ANSWERED
    )
    closes_at = models.DateTimeField(_("closes"))
    told_at = models.DateTimeField(
        null=True, db_index=True, help_text="When those who answered were told of its results."
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.question


class PollOption(models.Model):
    """One answer that may be chosen."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    text = LineColumn(most=OPTION_LENGTH)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text


class Ballot(models.Model):
    """What one person answered: a row for each of them, a choice for each option."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="ballots")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ballots"
    )
    options = models.ManyToManyField(PollOption, related_name="ballots")
    cast_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "person"], name="forum_ballot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.poll_id}"

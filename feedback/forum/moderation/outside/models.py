"""What an outside checker is asked, and what it said."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

REASON_LENGTH = 200


class OutsideCheck(models.Model):
    """One question about the words of a post or a comment as they were then; another when they change."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("waits")
        ANSWERED = "ANSWERED", _("answered")
        GIVEN_UP = "GIVEN_UP", _("given up")

    class Verdict(models.TextChoices):
        """What is to become of the words. Nothing is refused any more: what is to be blocked waits for the team, as what is held."""

        ALLOW = "ALLOW", _("nothing against it")
        HOLD = "HOLD", _("look at it first")
        BLOCK = "BLOCK", _("should not stand")

    public_id = PublicIdField()
    post = models.ForeignKey(
        "forum.Post", on_delete=models.CASCADE, null=True, related_name="outside_checks"
    )
    comment = models.ForeignKey(
        "forum.Comment", on_delete=models.CASCADE, null=True, related_name="outside_checks"
    )
    digest = models.CharField(max_length=64, help_text="Of the words as they were.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    noted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(max_length=5, choices=Verdict.choices, blank=True)
    reason = LineColumn(most=REASON_LENGTH, blank=True)
    source = models.CharField(max_length=255, blank=True, help_text="The host that said so.")
    trouble = models.CharField(max_length=200, blank=True, help_text="Why the last try failed.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "digest"], name="forum_check_of_post_once"),
            models.UniqueConstraint(
                fields=["comment", "digest"], name="forum_check_of_comment_once"
            ),
            models.CheckConstraint(
                condition=Q(post__isnull=True) ^ Q(comment__isnull=True),
                name="forum_check_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state="WAITING"), name="forum_check_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.post_id or self.comment_id}: {self.verdict or self.state}"

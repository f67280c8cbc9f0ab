"""Who reads a board, and who is named on one that its ring alone reads."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Readers(models.TextChoices):
    """Who may know of a board and read it. The team reads all; a board that not everybody reads is closed."""

    EVERYONE = "EVERYONE", _("Everybody, visitors too")
    MEMBERS = "MEMBERS", _("Whoever has signed in")
    RING = "RING", _("Those who are named on it")
    TEAM = "TEAM", _("The team alone")


class BoardMember(models.Model):
    """Somebody who is named on a board. Whoever leaves keeps the row: that they were there is a fact."""

    board = models.ForeignKey("forum.Board", on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="named_on"
    )
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "person"], name="forum_board_member_once")
        ]
        indexes = [
            models.Index(
                fields=["person", "board"],
                condition=Q(left_at__isnull=True),
                name="forum_board_member_reads",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.board_id}"

"""The ring of a release: those who try it before everyone, on a closed board of their own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from feedback.forum.models import Board
from feedback.roadmap.models.releases import Release


class Ring(models.Model):
    """The beta ring of a release. It closes on release day; its board stays readable to whoever was in it."""

    release = models.OneToOneField(Release, on_delete=models.CASCADE, related_name="ring")
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"ring of {self.release_id}"


class Invitation(models.Model):
    """Somebody was invited into a ring, once, and what they said to it. Accepted, it is the fact that they tested."""

    class Answer(models.TextChoices):
        WAITING = "WAITING", pgettext_lazy("invitation", "No answer yet")
        ACCEPTED = "ACCEPTED", pgettext_lazy("invitation", "Is in")
        DECLINED = "DECLINED", pgettext_lazy("invitation", "Declined")
        TAKEN_OUT = "TAKEN_OUT", pgettext_lazy("invitation", "Taken out")

    ring = models.ForeignKey(Ring, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ring_invitations"
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    invited_at = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=Answer.choices, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ring", "person"], name="roadmap_invited_once"),
            models.CheckConstraint(
                condition=Q(answer="WAITING", answered_at__isnull=True)
                | (~Q(answer="WAITING") & Q(answered_at__isnull=False)),
                name="roadmap_answered_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.answer}"

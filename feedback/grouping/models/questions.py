"""What Heed asks people, to learn from the answer."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from feedback.asks.models import Decision
from feedback.forum.models import Post
from feedback.grouping.models.runs import Run
from feedback.kernel.public_ids import PublicIdField


class Question(models.Model):
    """ "The same request?" of two posts: each the face of its group, chosen because the answer teaches much."""

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("state of a question", "Open")
        ANSWERED = "ANSWERED", pgettext_lazy("state of a question", "Answered")
        SKIPPED = "SKIPPED", pgettext_lazy("state of a question", "Skipped")
        STALE = "STALE", pgettext_lazy("state of a question", "Overtaken")

    public_id = PublicIdField()
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    other_post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    fingerprint = models.CharField(max_length=60, unique=True, help_text="Both posts, in order.")
    weight = models.FloatField(help_text="How much an answer teaches, times the people it touches.")
    people_count = models.PositiveIntegerField(default=0, help_text="How many people it touches.")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    decision = models.OneToOneField(
        Decision, on_delete=models.SET_NULL, null=True, blank=True, related_name="question"
    )

    class Meta:
        indexes = [models.Index(fields=["state", "-weight", "id"], name="grouping_question_open")]

    def __str__(self) -> str:
        return self.fingerprint

"""What a text says in another language, as a machine has it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.kernel.public_ids import PublicIdField

#: Characters of a text that is translated at most.
MOST = 6_000


class Translation(models.Model):
    """One text, as it was, in one language. ``words`` are its title, an empty line and its body, as ``source`` is while it waits."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("waits")
        DONE = "DONE", _("done")
        FAILED = "FAILED", _("failed")

    public_id = PublicIdField()
    thing = models.CharField(max_length=40, help_text='What it is of, as "post:" and a public id.')
    digest = models.CharField(max_length=64, help_text="Of the text as it was.")
    language = models.CharField(max_length=12, help_text="Into which language.")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    source = models.TextField(blank=True, help_text="The text, until it is translated.")
    words = models.TextField(blank=True)
    model = models.CharField(max_length=120, blank=True, help_text="Which model wrote it.")
    wanted_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    looked_at = models.DateTimeField(help_text="When it was last seen that the text still stands.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thing", "digest", "language"], name="forum_translated_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["wanted_at"],
                condition=models.Q(state="WAITING"),
                name="forum_translation_waiting",
            ),
            models.Index(fields=["looked_at"], name="forum_translation_age"),
        ]

    def __str__(self) -> str:
        return f"{self.thing}: {self.language}"

"""What was asked of a model, what it answered, and which model it was."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.kernel.typed import LineColumn

PROMPT_LENGTH = 20_000
MODEL_LENGTH = 80


class Prompt(models.Model):
    """How what a post tells of is seen again in a model: secrets and addresses are taken out before it is kept.

    Its author and the team read it, and everybody else where its author says so. Whether the team may test a model with it is what
    the author agrees to for the post (`consents`, EVALUATE).
    """

    post = models.OneToOneField("forum.Post", on_delete=models.CASCADE, related_name="prompt")
    prompt = models.TextField(_("prompt"), max_length=PROMPT_LENGTH)
    answer = models.TextField(_("answer of the model"), max_length=PROMPT_LENGTH, blank=True)
    model_version = LineColumn(_("model and version"), most=MODEL_LENGTH, blank=True)
    taken_out = models.JSONField(
        default=dict, help_text="How much was taken out, by kind as kernel.redact names it."
    )
    is_public = models.BooleanField(default=False)
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.prompt[:60]

"""What is held before anybody sees it: words, and how much of who is new."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.kernel.typed import LineColumn

WORDS_LENGTH = 60


class WordRule(models.Model):
    """Words that are held, blocked or replaced, however they are written."""

    class Effect(models.TextChoices):
        HOLD = "HOLD", _("Hold for the team")
        BLOCK = "BLOCK", _("Refuse")
        REPLACE = "REPLACE", _("Replace")

    words = LineColumn(_("words"), most=WORDS_LENGTH)
    effect = models.CharField(
        _("what happens"), max_length=8, choices=Effect.choices, default=Effect.HOLD
    )
    instead = LineColumn(_("replaced by"), most=WORDS_LENGTH, blank=True)
    language = models.CharField(_("in which language"), max_length=8, blank=True)
    board = models.ForeignKey(
        "forum.Board",
        verbose_name=_("on which board"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="word_rules",
    )
    by_sound = models.BooleanField(_("in pinyin too"), default=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.words


class HoldingWishes(models.Model):
    """How much of who is new waits for the team: one row, of a site that has said so."""

    first_posts = models.PositiveSmallIntegerField(
        _("first posts and comments of everybody that wait"), default=0
    )
    holds_links = models.BooleanField(_("links of who joined within a day wait"), default=True)
    holds_adverts = models.BooleanField(
        _("what reads like an advert by who is not known here yet waits"), default=True
    )
    reports = models.PositiveSmallIntegerField(
        _("reports after which the words of who is new wait"), default=3
    )
    takes_guests = models.BooleanField(
        _("people may post without an account; the team looks first"), default=False
    )

    def __str__(self) -> str:
        return f"{self.first_posts}, {self.holds_links}"


class SaidWords(models.Model):
    """Somebody said these words: kept for a day or two, to tell when several accounts say the same or mean it."""

    digest = models.CharField(max_length=32)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="said_words"
    )
    said_at = models.DateTimeField()
    meaning = models.BinaryField(
        null=True, help_text="What they mean, where a machine knew: compared by who keeps it alone."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "person"], name="forum_said_once"),
        ]
        indexes = [models.Index(fields=["said_at"], name="forum_said_age")]

    def __str__(self) -> str:
        return self.digest

"""The brief of a week: its words in two languages, the sentences of them that a machine wrote, and whom it quotes."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.asks.models import Ask
from feedback.briefs.drafting.week import Week
from feedback.forum.models import Post, Product
from feedback.kernel.public_ids import PublicIdField

#: How long the words of a brief in one language, and a public note, may be, in visible characters.
WORDS_LENGTH, NOTE_LENGTH = 8_000, 500
#: People quoted in a brief at most.
QUOTES = 3
LANGUAGES = ("en", "zh")


class Brief(models.Model):
    """What a week brought for a product. Its address never dies: one that is taken back says why."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", pgettext_lazy("state of a brief", "Draft")
        PUBLISHED = "PUBLISHED", pgettext_lazy("state of a brief", "Published")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("state of a brief", "Taken back")

    public_id = PublicIdField()
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, related_name="briefs"
    )
    monday = models.DateField(help_text="The first day of its week.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    words_en = models.TextField(max_length=WORDS_LENGTH, blank=True)
    words_zh = models.TextField(max_length=WORDS_LENGTH, blank=True)
    draft_en = models.TextField(
        blank=True,
        help_text="As the machine wrote it, a sentence a line: those that stand are marked.",
    )
    draft_zh = models.TextField(blank=True)
    post = models.ForeignKey(
        Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    drafted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("weekly brief")
        verbose_name_plural = _("weekly briefs")
        ordering = ["-monday", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "monday"], name="briefs_week_once"),
            models.CheckConstraint(
                condition=Q(state="DRAFT") | Q(published_at__isnull=False),
                name="briefs_published_since",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def week(self) -> Week:
        """The week that it tells of."""
        return Week(self.monday)

    @property
    def title(self) -> str:
        """What it is called, in the language in force."""
        return self.week.title

    @property
    def address(self) -> str:
        """Its page."""
        return reverse("briefs:brief-detail", args=[self.public_id])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    def words(self, language: str) -> str:
        """Return its words in ``language`` ("en", "zh")."""
        return self.words_zh if language == "zh" else self.words_en

    def draft(self, language: str) -> str:
        """Return what the machine wrote in ``language``."""
        return self.draft_zh if language == "zh" else self.draft_en


class BriefQuote(models.Model):
    """A sentence of a public post that a brief quotes, or might: as it stands there, for the ask it speaks for."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="quotes")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="+")
    sentence = models.CharField(max_length=400)
    language = models.CharField(max_length=8)
    is_chosen = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["brief", "post"], name="briefs_post_quoted_once")
        ]

    def __str__(self) -> str:
        return self.sentence


class BriefNote(models.Model):
    """What the public is told of a change: that a brief was corrected, or taken back, and why."""

    class Kind(models.TextChoices):
        CORRECTED = "CORRECTED", _("Corrected")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("state of a brief", "Taken back")

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    word = models.TextField(_("public note"), max_length=NOTE_LENGTH)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["-noted_at", "-id"]

    def __str__(self) -> str:
        return self.word

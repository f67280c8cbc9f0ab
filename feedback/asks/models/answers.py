"""What the team says to everyone behind an ask, and what it asks them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.asks.models.asks import ANSWER_LENGTH, Ask
from feedback.forum.models import Product
from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

TEMPLATE_NAME_LENGTH = 80
QUESTION_LENGTH = 300
REPLY_LENGTH = 1000


def in_their_language(words: str, words_zh: str) -> str:
    """Return the words for whoever reads now: the Chinese ones for who reads Chinese, where there are any."""
    reads_chinese = (get_language() or "").startswith("zh")
    return words_zh if reads_chinese and words_zh else words


class Answers(models.QuerySet["Answer"]):
    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)


class Answer(models.Model):
    """An official answer to everyone behind an ask."""

    public_id = PublicIdField()
    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(_("answer"), max_length=ANSWER_LENGTH)
    body_zh = models.TextField(_("the same in Chinese"), max_length=ANSWER_LENGTH, blank=True)
    answered_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    said_before = models.JSONField(
        default=dict, help_text='{"body": ..., "body_zh": ...}: the words before the last edit.'
    )
    told_again = models.PositiveSmallIntegerField(
        default=0, help_text="How often everyone was told of new words."
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = Answers.as_manager()

    class Meta:
        verbose_name = _("official answer")
        verbose_name_plural = _("official answers")
        ordering = ["-answered_at", "-id"]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def body_here(self) -> str:
        """The answer in the reader's language, where the team wrote it in both."""
        return in_their_language(self.body, self.body_zh)

    @property
    def words(self) -> dict[str, str]:
        """What it says, as the journal keeps it."""
        return {"body": self.body, "body_zh": self.body_zh}


class AnswerTemplate(models.Model):
    """Words that the team answers with again and again; ``{ask}``, ``{people}``, ``{posts}`` and ``{me}`` are filled in."""

    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="answer_templates")
    name = LineColumn(_("name"), most=TEMPLATE_NAME_LENGTH)
    body = models.TextField(_("answer"), max_length=ANSWER_LENGTH)
    body_zh = models.TextField(_("the same in Chinese"), max_length=ANSWER_LENGTH, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class GroupQuestion(models.Model):
    """One question of the team to everyone behind an ask. An ask has one that is open, at most."""

    public_id = PublicIdField()
    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="questions")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    question = LineColumn(_("question"), most=QUESTION_LENGTH)
    question_zh = LineColumn(_("the same in Chinese"), most=QUESTION_LENGTH, blank=True)
    choices = models.JSONField(
        default=list, help_text='[{"words": ..., "words_zh": ...}, ...]: what one may choose.'
    )
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ask"], condition=Q(closed_at=None), name="asks_one_open_question"
            )
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def question_here(self) -> str:
        """The question in the reader's language."""
        return in_their_language(self.question, self.question_zh)

    @property
    def choices_here(self) -> list[str]:
        """What one may choose, in the reader's language."""
        return [in_their_language(one["words"], one.get("words_zh", "")) for one in self.choices]


class GroupReply(models.Model):
    """What one person behind the ask replied: a choice, by its place from 0, words, or both."""

    question = models.ForeignKey(GroupQuestion, on_delete=models.CASCADE, related_name="replies")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    choice = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.TextField(_("in your words"), max_length=REPLY_LENGTH, blank=True)
    replied_at = models.DateTimeField()

    class Meta:
        ordering = ["-replied_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["question", "person"], name="asks_reply_once"),
            models.CheckConstraint(
                condition=Q(choice__isnull=False) | ~Q(words=""), name="asks_reply_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} to {self.question_id}"

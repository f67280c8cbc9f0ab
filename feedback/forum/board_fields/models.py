"""What a board asks for beside a title and details: its own fields, and a template for the details."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.kernel.typed import LineColumn

LABEL_LENGTH = 60
HINT_LENGTH = 160
CHOICES_LENGTH = 2_000
TEMPLATE_LENGTH = 2_000
#: Fields of one board: a form of more is not filled in on a phone.
MOST_FIELDS = 12


def _here(english: str, chinese: str) -> str:
    return chinese if chinese and (get_language() or "").startswith("zh") else english


class Field(models.Model):
    """One thing that a board asks for. What people say stands in `Post.fields` under its key."""

    class Type(models.TextChoices):
        LINE = "LINE", _("A line")
        CHOICE = "CHOICE", _("A choice")
        NUMBER = "NUMBER", _("A number")
        VERSION = "VERSION", _("A version")
        DEVICE = "DEVICE", _("A device")

    class Need(models.TextChoices):
        OPTIONAL = "OPTIONAL", _("May be left empty")
        WANTED = "WANTED", _("Missed kindly where it is empty")
        REQUIRED = "REQUIRED", _("Has to be filled in")

    board = models.ForeignKey("forum.Board", on_delete=models.CASCADE, related_name="asks_for")
    key = models.SlugField(_("key"), max_length=40)
    type = models.CharField(_("type"), max_length=8, choices=Type.choices, default=Type.LINE)
    need = models.CharField(
        _("how much it is needed"), max_length=8, choices=Need.choices, default=Need.OPTIONAL
    )
    kind = models.CharField(
        _("kind of post"), max_length=12, blank=True, help_text="Empty: every kind."
    )
    label = LineColumn(_("label"), most=LABEL_LENGTH)
    label_zh = LineColumn(_("label in Chinese"), most=LABEL_LENGTH, blank=True)
    hint = LineColumn(_("hint"), most=HINT_LENGTH, blank=True)
    hint_zh = LineColumn(_("hint in Chinese"), most=HINT_LENGTH, blank=True)
    choices = models.TextField(_("choices"), max_length=CHOICES_LENGTH, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["board", "key"], name="forum_field_once"),
            models.CheckConstraint(
                condition=~Q(type="CHOICE") | ~Q(choices=""), name="forum_field_choice_has_choices"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The label in the reader's language."""
        return _here(self.label, self.label_zh)

    @property
    def help(self) -> str:
        """The hint in the reader's language."""
        return _here(self.hint, self.hint_zh)

    @property
    def options(self) -> list[tuple[str, str]]:
        """The choices as (what is kept, what is read): a line each, "English | 中文"."""
        found = []
        for line in self.choices.splitlines():
            english, _bar, chinese = (part.strip() for part in line.partition("|"))
            if english:
                found.append((english, _here(english, chinese)))
        return found


class Template(models.Model):
    """What the details of a new post on a board begin with: for one kind of post, or for all of them."""

    board = models.ForeignKey("forum.Board", on_delete=models.CASCADE, related_name="templates")
    kind = models.CharField(max_length=12, blank=True, help_text="Empty: every other kind.")
    text = models.TextField(max_length=TEMPLATE_LENGTH, blank=True)
    text_zh = models.TextField(max_length=TEMPLATE_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "kind"], name="forum_template_once"),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def words(self) -> str:
        """The template in the reader's language."""
        return _here(self.text, self.text_zh)

"""Honours that the team gives, who has them, and whether levels, badges and honours are shown at all."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.forum.models import Named
from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

#: How long the word is that goes with an honour, in visible characters.
WORD_LENGTH = 200


class Sign(models.TextChoices):
    """What is drawn in the emblem of an honour."""

    STAR = "star", pgettext_lazy("emblem", "Star")
    RING = "ring", pgettext_lazy("emblem", "Ring")
    CODE = "code", pgettext_lazy("emblem", "Code")
    FLASK = "flask", pgettext_lazy("emblem", "Flask")
    QUILL = "quill", pgettext_lazy("emblem", "Quill")
    GLOBE = "globe", pgettext_lazy("emblem", "Globe")
    HEART = "heart", pgettext_lazy("emblem", "Heart")
    SPARK = "spark", pgettext_lazy("emblem", "Spark")


class Honour(Named):
    """What the team thanks a group of people with: ring testers, honour developers. Its address never dies."""

    public_id = PublicIdField()
    sign = models.CharField(_("emblem"), max_length=8, choices=Sign.choices, default=Sign.STAR)
    is_retired = models.BooleanField(_("no longer given"), default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("honour")
        verbose_name_plural = _("honours")
        ordering = ["id"]

    @property
    def address(self) -> str:
        """Its page."""
        return reverse("honours:honour-detail", args=[self.public_id])


class Holder(models.Model):
    """Somebody was given an honour; taken back, the row says until when they had it."""

    honour = models.ForeignKey(Honour, on_delete=models.CASCADE, related_name="holders")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="honours"
    )
    word = LineColumn(_("what for"), most=WORD_LENGTH, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    given_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["honour", "person"], name="honours_given_once")
        ]
        indexes = [models.Index(fields=["honour", "-given_at", "-id"], name="honours_of_honour")]

    def __str__(self) -> str:
        return f"{self.honour_id}: {self.person_id}"


class HonourWishes(models.Model):
    """What is shown of levels, badges and honours: one row, of a site that has said so."""

    shows_levels = models.BooleanField(
        _("levels, badges and honours are shown"),
        default=True,
        help_text=_(
            "Off: nobody sees any of it. How much each person may do still depends on what came of what they did."
        ),
    )
    shows_board = models.BooleanField(
        _("there is a board of honour"),
        default=True,
        help_text=_("It lists people by what came of what they did, never by how much they did."),
    )

    def __str__(self) -> str:
        return f"{self.shows_levels}, {self.shows_board}"

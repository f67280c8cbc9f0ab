"""How the site calls itself and looks, as it was said each time: a draft, what is shown, and what was shown before."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.kernel.typed import LineColumn

NAME_LENGTH, DESCRIPTION_LENGTH = 40, 160


class Look(models.Model):
    """Name, description, colour and logo, said together. What is empty is as the settings, or the house, have it."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("draft")
        SHOWN = "SHOWN", _("shown")
        PAST = "PAST", _("shown before")

    class Plate(models.TextChoices):
        """When something has to stand behind the logo, or nobody would see it."""

        NONE = "", _("never")
        DAY = "DAY", _("by day")
        NIGHT = "NIGHT", _("by night")

    state = models.CharField(max_length=5, choices=State.choices)
    name = LineColumn(_("name of the site"), most=NAME_LENGTH, blank=True)
    description = LineColumn(_("what it is for"), most=DESCRIPTION_LENGTH, blank=True)
    description_zh = LineColumn(
        _("what it is for, in Chinese"), most=DESCRIPTION_LENGTH, blank=True
    )
    colour = models.CharField(_("colour"), max_length=6, blank=True)
    logo = models.CharField(max_length=11, blank=True)
    logo_width = models.PositiveSmallIntegerField(default=0)
    logo_height = models.PositiveSmallIntegerField(default=0)
    logo_is_name = models.BooleanField(_("the logo is the name, written"), default=False)
    plate = models.CharField(max_length=5, choices=Plate.choices, blank=True)
    said_at = models.DateTimeField()
    step = models.PositiveIntegerField(
        default=0, help_text="Of those shown before the one with the highest was the last."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state__in=["DRAFT", "SHOWN"]),
                name="identity_one_shown_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.name}"

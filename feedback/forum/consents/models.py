"""What an author agrees to have done with their words, beside being read."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Use(models.TextChoices):
    """Something that is done with public words elsewhere than where they stand."""

    QUOTE = "QUOTE", _("Quoted by the team, as in the weekly brief")
    EVALUATE = "EVALUATE", _("Used to measure how well a machine reads")
    TRAIN = "TRAIN", _("Used to train a machine")


#: What holds for words whose author has chosen nothing: public words may be quoted, and no machine learns from them.
UNLESS_CHOSEN = frozenset({Use.QUOTE})


class Consented(models.Model):
    """The three uses, as columns: what an author agrees to."""

    may_quote = models.BooleanField(_("may be quoted"), default=True, db_default=True)
    may_evaluate = models.BooleanField(_("may evaluate a machine"), default=False, db_default=False)
    may_train = models.BooleanField(_("may train a machine"), default=False, db_default=False)

    class Meta:
        abstract = True

    @property
    def consents(self) -> set[Use]:
        """The uses that the author agrees to."""
        return {use for use in Use if getattr(self, column_of(use))}


class Consents(Consented):
    """What somebody agrees to for what they post from now on; who has none has not chosen."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents"
    )

    def __str__(self) -> str:
        return f"{self.person_id}: {', '.join(sorted(self.consents))}"


def column_of(use: Use) -> str:
    """Return the column in which a post says whether it may be used so."""
    return f"may_{use.lower()}"


def columns(uses: frozenset[Use] | set[Use]) -> dict[str, bool]:
    """Return the columns of a post that may be used so, and in no other way."""
    return {column_of(use): use in uses for use in Use}

"""Groups of people whose words may weigh more: by a plan, by a word of the product, by a beta ring, or by a list."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback.accounts.handover.models import FACT_LENGTH
from feedback.kernel import text
from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

SEGMENT_NAME_LENGTH = 40
WHO_LENGTH = 254
#: A person of a segment counts for no more people than this.
HEAVIEST = 100


class Segment(models.Model):
    """A group of people, by a rule, and for how many people each of them counts."""

    class Rule(models.TextChoices):
        LIST = "LIST", _("A list that you bring")
        PLAN = "PLAN", _("The plan that your app says at hand-over")
        WORD = "WORD", _("The segment that your app says at hand-over")
        RING = "RING", _("Who is or was in a beta ring")

    public_id = PublicIdField()
    name = LineColumn(_("name"), most=SEGMENT_NAME_LENGTH)
    name_zh = LineColumn(_("name in Chinese"), most=SEGMENT_NAME_LENGTH, blank=True)
    rule = models.CharField(_("who is in it"), max_length=4, choices=Rule.choices)
    value = LineColumn(_("plan or segment, as your app says it"), most=FACT_LENGTH, blank=True)
    weight = models.DecimalField(
        _("weight"),
        max_digits=5,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(0), MaxValueValidator(HEAVIEST)],
    )
    made_at = models.DateTimeField()
    brought_at = models.DateTimeField(null=True, help_text="When its list came last.")
    removed_at = models.DateTimeField(null=True, help_text="Kept to be taken back.")

    class Meta:
        verbose_name = pgettext_lazy("of people", "segment")
        verbose_name_plural = pgettext_lazy("of people", "segments")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=HEAVIEST), name="accounts_segment_weight"
            ),
        ]

    def __str__(self) -> str:
        return self.name_here

    @property
    def name_here(self) -> str:
        """Its name in the reader's language."""
        is_chinese = (get_language() or "").startswith("zh")
        return self.name_zh if is_chinese and self.name_zh else self.name

    @property
    def key(self) -> str:
        """What a formula calls it: small letters, digits and "_" of its name."""
        name = text.fold(self.name)
        letters = "".join(one if one.isalnum() else "_" for one in name)
        return "seg_" + "_".join(part for part in letters.split("_") if part)


class SegmentLine(models.Model):
    """One line of a segment's list: a customer as the team knows them, whether they are here yet or not.

    Nobody reads it on a page. It leads to people by an address that they have checked or that an import gave, by their
    name in the product, or as a customer for whom the team speaks; it goes with whoever is erased.
    """

    class Kind(models.TextChoices):
        MAIL = "MAIL", _("E-mail")
        ACCOUNT = "ACCOUNT", _("Name in your app")
        CUSTOMER = "CUSTOMER", _("Customer")

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    who = LineColumn(most=WHO_LENGTH, db_index=True)
    revenue = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, help_text="Of a year, if known."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "kind", "who"], name="accounts_segment_line_once"
            ),
            models.CheckConstraint(
                condition=Q(revenue__isnull=True) | Q(revenue__gte=0),
                name="accounts_segment_revenue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id}: {self.kind}"

"""Items of the roadmap, and the asks they answer."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.asks.models import Ask
from feedback.asks.models.asks import REASON_LENGTH
from feedback.asks.stages import Stage
from feedback.forum.models import TITLE_LENGTH, Product
from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn
from feedback.roadmap import lengths
from feedback.roadmap.models.releases import Release


class Confidence(models.TextChoices):
    """How sure the team is that an item comes as planned."""

    LOW = "LOW", pgettext_lazy("confidence", "Low")
    MEDIUM = "MEDIUM", pgettext_lazy("confidence", "Medium")
    HIGH = "HIGH", pgettext_lazy("confidence", "High")


class ItemQuerySet(models.QuerySet["Item"]):
    """Items by where they stand."""

    def standing(self) -> "ItemQuerySet":
        """Return those that stand for themselves: not those that were joined into another."""
        return self.filter(joined_into=None)

    def open(self) -> "ItemQuerySet":
        """Return those that are still to come, or to be decided."""
        return self.standing().exclude(stage__in=(Stage.SHIPPED, Stage.DECLINED))


class Item(models.Model):
    """One entry of the roadmap; answers one or more asks."""

    public_id = PublicIdField()
    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        on_delete=models.PROTECT,
        db_index=False,
        related_name="items",
    )
    title = LineColumn(_("title"), most=TITLE_LENGTH)
    summary = models.TextField(_("what will change"), max_length=lengths.SUMMARY, blank=True)
    stage = models.CharField(
        _("stage"), max_length=12, choices=Stage.choices, default=Stage.PLANNED
    )
    stage_changed_at = models.DateTimeField(_("stage changed at"))
    decline_reason = models.TextField(_("public reason"), max_length=REASON_LENGTH, blank=True)
    mind_people = models.PositiveIntegerField(
        _("people who would change our mind"), null=True, blank=True
    )
    mind_votes = models.PositiveIntegerField(
        _("votes that would change our mind"), null=True, blank=True
    )
    mind_reached_at = models.DateTimeField(
        _("would change our mind since"),
        null=True,
        blank=True,
        help_text=_("When what would change our mind came true, and the team was told."),
    )
    private_notes = models.TextField(_("private notes"), max_length=lengths.NOTES, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    confidence = models.CharField(
        _("confidence"), max_length=6, choices=Confidence.choices, blank=True
    )
    adopted_at = models.DateTimeField(_("adopted at"))
    release = models.ForeignKey(
        Release,
        verbose_name=_("release"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
    )
    asks = models.ManyToManyField(
        Ask, verbose_name=_("asks"), through="ItemAsk", related_name="items"
    )
    joined_into = models.ForeignKey(
        "self",
        verbose_name=_("joined into"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="joined",
        help_text=_("The item that answers its asks now; its address leads there."),
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("roadmap item")
        verbose_name_plural = _("roadmap items")
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage="DECLINED") | ~Q(decline_reason=""),
                name="roadmap_decline_needs_reason",
            ),
            models.CheckConstraint(
                condition=~Q(stage="SHIPPED") | Q(release__isnull=False),
                name="roadmap_shipped_has_release",
            ),
            models.CheckConstraint(
                condition=Q(joined_into__isnull=True)
                | (Q(release__isnull=True) & ~Q(joined_into=F("id"))),
                name="roadmap_joined_is_off_the_train",
            ),
        ]
        indexes = [models.Index(fields=["stage", "-stage_changed_at"], name="roadmap_item_stage")]

    def __str__(self) -> str:
        return self.title


class ItemAsk(models.Model):
    """An item answers an ask. An ask is answered by one item at a time."""

    item = models.ForeignKey(
        Item, verbose_name=_("roadmap item"), on_delete=models.CASCADE, related_name="links"
    )
    ask = models.OneToOneField(
        Ask, verbose_name=_("ask"), on_delete=models.PROTECT, related_name="item_link"
    )
    linked_at = models.DateTimeField(_("linked at"))

    class Meta:
        verbose_name = _("ask it answers")
        verbose_name_plural = _("asks it answers")

    def __str__(self) -> str:
        return f"{self.item_id} answers {self.ask_id}"

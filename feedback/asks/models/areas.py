"""Areas: the broad parts of the product that asks belong to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.asks.models.states import ByState
from feedback.forum.models import Product
from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.text import language_of
from feedback.kernel.typed import LineColumn

NAME_LENGTH = 60


class Area(models.Model):
    """A broad part of the product that several asks belong to; found by the engine, named and edited by people.

    Like an ask it is shown to the public once a person has confirmed it, and its link never dies.
    """

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Proposed by the machine")
        PUBLIC = "PUBLIC", _("Confirmed")
        JOINED = "JOINED", _("Joined into another")
        RETIRED = "RETIRED", _("Dissolved")

    class Source(models.TextChoices):
        MACHINE = "MACHINE", _("the machine")
        PERSON = "PERSON", _("a person")

    public_id = PublicIdField()
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, related_name="areas"
    )
    name = LineColumn(_("name"), most=NAME_LENGTH)
    name_source = models.CharField(max_length=8, choices=Source.choices, default=Source.MACHINE)
    keywords = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    joined_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined_from"
    )
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ask_count = models.PositiveIntegerField(default=0)
    post_count = models.PositiveIntegerField(default=0)
    people_count = models.PositiveIntegerField(default=0)
    #: The people of its asks added up, who stands behind two twice, when it was counted: another sum now, another count.
    people_of_asks = models.PositiveIntegerField(default=0, db_default=0)

    objects = ByState["Area"].as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="JOINED", joined_into__isnull=False)
                | (~Q(state="JOINED") & Q(joined_into__isnull=True)),
                name="asks_joined_area_leads_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(joined_into__isnull=True) | ~Q(joined_into=models.F("id")),
                name="asks_area_not_joined_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def language(self) -> str:
        """The language of its name, "zh" or "en"."""
        return language_of(self.name)

    @property
    def is_public(self) -> bool:
        return self.state == self.State.PUBLIC

    @property
    def is_live(self) -> bool:
        """Whether asks may still belong to it."""
        return self.state in (self.State.PROPOSED, self.State.PUBLIC)

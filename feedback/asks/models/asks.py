"""Asks and the posts in them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.asks.models.areas import Area
from feedback.asks.models.states import GONE, ByState
from feedback.asks.stages import Stage
from feedback.forum.models import TITLE_LENGTH, Post, Product
from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.text import language_of
from feedback.kernel.typed import LineColumn

REASON_LENGTH = 2000
ANSWER_LENGTH = 10_000


class Asks(ByState["Ask"]):
    """Asks by what their state means."""

    def public(self) -> Self:
        """Those that a person confirmed and everybody sees; without those of which all that is shown stands on closed boards.

        Their titles are words from there.
        """
        return super().public().exclude(Asks.inside())

    @staticmethod
    def inside() -> Q:
        """Return the condition that an ask has posts on closed boards, and none that everybody sees."""
        closed = Membership.objects.filter(ask=models.OuterRef("pk"), post__state=Post.State.INSIDE)
        return Q(post_count=0) & Q(models.Exists(closed))


class Ask(models.Model):
    """A lasting group of posts that want the same thing. Its id and its link never die."""

    #: Its posts of the last week, and that less those of the week before, where `table.queries.attach_growth` worked them out.
    week: int
    grown: int

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Proposed by the machine")
        PUBLIC = "PUBLIC", _("Confirmed")
        DISMISSED = "DISMISSED", _("Not an ask")
        JOINED = "JOINED", _("Joined into another")
        RETIRED = "RETIRED", _("Dissolved by a later run")

    class Source(models.TextChoices):
        MACHINE = "MACHINE", _("the machine")
        PERSON = "PERSON", _("a person")

    public_id = PublicIdField()
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, related_name="asks"
    )
    title = LineColumn(_("title"), most=TITLE_LENGTH)
    title_source = models.CharField(max_length=8, choices=Source.choices, default=Source.MACHINE)
    titles = models.JSONField(
        default=dict, help_text='{"zh": ...}: what the machine calls it in other languages.'
    )
    keywords = models.JSONField(default=list)
    asking = models.FloatField(
        null=True,
        help_text="How clearly its posts ask for something, from about -2 to 2, as the last run saw it.",
    )
    summary = models.TextField(
        _("summary"),
        max_length=600,
        blank=True,
        help_text="Two sentences from its own posts, a line each.",
    )
    summary_from = models.JSONField(
        default=list, help_text="The public ids of the posts that the sentences stand in."
    )
    facets = models.JSONField(
        default=list, help_text='[{"title": ..., "posts": [public id, ...]}, ...]: asks inside it.'
    )
    area = models.ForeignKey(
        Area, on_delete=models.SET_NULL, null=True, blank=True, related_name="asks"
    )
    area_source = models.CharField(
        max_length=8, choices=Source.choices, blank=True, help_text="Who put it into its area."
    )
    medoid = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    joined_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined_from"
    )
    split_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="splits"
    )
    opposite = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The ask that wants the reverse of it.",
    )
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.UNDER_REVIEW)
    stage_changed_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.TextField(_("public reason"), max_length=REASON_LENGTH, blank=True)
    is_locked = models.BooleanField(default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who of the team looks after it.",
    )
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, help_text="First official answer.")
    post_count = models.PositiveIntegerField(default=0)
    people_count = models.PositiveIntegerField(default=0)
    votes_elsewhere = models.PositiveIntegerField(
        default=0, help_text="Of its posts, counted where they were imported from; never people."
    )
    critical_count = models.PositiveIntegerField(
        default=0, help_text="Of its people: to whom it is critical, by the most that each said."
    )
    important_count = models.PositiveIntegerField(default=0)
    nice_count = models.PositiveIntegerField(default=0)
    first_post_at = models.DateTimeField(null=True)
    last_post_at = models.DateTimeField(null=True)

    objects = Asks.as_manager()

    class Meta:
        verbose_name = _("ask")
        verbose_name_plural = _("asks")
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage="DECLINED") | ~Q(decline_reason=""),
                name="asks_decline_needs_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="JOINED", joined_into__isnull=False)
                | (~Q(state="JOINED") & Q(joined_into__isnull=True)),
                name="asks_joined_leads_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(joined_into__isnull=True) | ~Q(joined_into=models.F("id")),
                name="asks_not_joined_into_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-people_count", "id"], name="asks_ask_people"),
            models.Index(fields=["state", "-last_post_at"], name="asks_ask_fresh"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.state == self.State.PUBLIC

    @property
    def is_answered(self) -> bool:
        """Whether the team has answered, declined or decided about it."""
        return self.answered_at is not None

    @property
    def language(self) -> str:
        """The language of its title, "zh" or "en"."""
        return language_of(self.title)

    @property
    def title_here(self) -> str:
        """Its title in the reader's language where its people write in it, unless a person gave it its title."""
        if self.title_source == self.Source.PERSON:
            return self.title
        here = (get_language() or "").partition("-")[0]
        return str(self.titles.get(here, "")) or self.title

    @property
    def language_here(self) -> str:
        """The language of `title_here`."""
        return language_of(self.title_here)

    @property
    def title_beside(self) -> str:
        """What it is called in the other language its people write in, "" where they write in one."""
        others = (self.title, *self.titles.values())
        if self.title_source == self.Source.PERSON:
            return ""
        return next((str(one) for one in others if one != self.title_here), "")

    @property
    def language_beside(self) -> str:
        """The language of `title_beside`."""
        return language_of(self.title_beside)

    @property
    def is_live(self) -> bool:
        """Whether posts may still belong to it."""
        return self.state not in GONE


class Membership(models.Model):
    """A post belongs to an ask, with the reason and the one who said so."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="membership")
    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="memberships")
    source = models.CharField(max_length=8, choices=Ask.Source.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_confirmed = models.BooleanField(
        default=False, help_text="A person said or confirmed it; no run ever changes it."
    )
    score = models.FloatField(null=True, help_text="Mean cosine to the ask's posts, -1 to 1.")
    reason = models.JSONField(
        default=dict, help_text='{"nearest": [[post public id, similarity], ...], "terms": [...]}'
    )
    model_key = models.CharField(max_length=120, blank=True)
    run_id = models.BigIntegerField(null=True, help_text="The number of the run that said so.")
    placed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(source="MACHINE", actor__isnull=True)
                | Q(source="PERSON", actor__isnull=False, is_confirmed=True),
                name="asks_membership_says_by_whom",
            )
        ]
        indexes = [models.Index(fields=["ask", "post"], name="asks_membership_ask")]

    def __str__(self) -> str:
        return f"{self.post_id} in {self.ask_id}"


class PlacementAttempt(models.Model):
    """That the machine looked where a post belongs, and what it saw nearby."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="placement")
    content_hash = models.CharField(max_length=32)
    model_key = models.CharField(max_length=120)
    candidates = models.JSONField(
        default=list, help_text="[[ask public id, similarity], ...], nearest first."
    )
    boilerplate = models.CharField(
        max_length=20, blank=True, help_text="Why it says too little to be grouped, if so."
    )
    area = models.ForeignKey(
        Area,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The area of a post without an ask.",
    )
    looked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Placement of {self.post_id}"

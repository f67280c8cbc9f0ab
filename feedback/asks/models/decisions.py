"""What people decided, and what the machine would like them to decide."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.asks.models.areas import Area
from feedback.asks.models.asks import Ask
from feedback.forum.models import Board, Post, Product
from feedback.kernel.public_ids import PublicIdField


class Decision(models.Model):
    """What a person said about grouping. Binds every later run until it is undone."""

    class Kind(models.TextChoices):
        CONFIRM = "CONFIRM", pgettext_lazy("decision", "confirmed")
        RENAME = "RENAME", pgettext_lazy("decision", "renamed")
        JOIN = "JOIN", pgettext_lazy("decision", "joined")
        SPLIT = "SPLIT", pgettext_lazy("decision", "split")
        MOVE = "MOVE", pgettext_lazy("decision", "moved")
        LOCK = "LOCK", pgettext_lazy("decision", "locked")
        UNLOCK = "UNLOCK", pgettext_lazy("decision", "unlocked")
        OWN = "OWN", pgettext_lazy("decision", "gave to an owner")
        DISMISS = "DISMISS", pgettext_lazy("decision", "dismissed")
        TOGETHER = "TOGETHER", pgettext_lazy("decision", "said together")
        APART = "APART", pgettext_lazy("decision", "said apart")
        CONTEST = "CONTEST", pgettext_lazy("decision", "contested")
        REHOUSE = "REHOUSE", pgettext_lazy("decision", "moved to another product")
        AREA_OPEN = "AREA_OPEN", pgettext_lazy("decision", "confirmed the area")
        AREA_NEW = "AREA_NEW", pgettext_lazy("decision", "made an area")
        AREA_NAME = "AREA_NAME", pgettext_lazy("decision", "renamed the area")
        AREA_JOIN = "AREA_JOIN", pgettext_lazy("decision", "joined the areas")
        AREA_PUT = "AREA_PUT", pgettext_lazy("decision", "put into an area")
        AREA_CLOSE = "AREA_CLOSE", pgettext_lazy("decision", "dissolved the area")

    public_id = PublicIdField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ask = models.ForeignKey(
        Ask, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    other_ask = models.ForeignKey(
        Ask, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    other_area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        help_text="Where posts went that left their product.",
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions"
    )
    made_at = models.DateTimeField(db_index=True)
    posts = models.ManyToManyField(
        Post, related_name="+", help_text="The posts whose membership it changed."
    )
    before = models.JSONField(default=dict, help_text="What undoing restores.")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["actor", "-id"], name="asks_decision_actor")]

    def __str__(self) -> str:
        return f"{self.kind} by {self.actor_id}"

    def touches(self) -> list[models.Model]:
        """Return what undoing it changes: asks, areas and the boards of the posts it spoke of; nothing where posts left their product."""
        if self.product_id is not None:
            return []
        named = (self.ask, self.other_ask, self.area, self.other_area)
        spoken_of = Q(pk__in=self.posts.values("board"))
        for end in ("post", "other_post"):
            spoken_of |= Q(pk__in=self.bonds.values(f"{end}__board"))
        boards = Board.objects.filter(spoken_of)
        return [*(one for one in named if one is not None), *boards]


class Bond(models.Model):
    """What a decision holds between two posts, or between a post and an ask. Ends when it is undone."""

    class Kind(models.TextChoices):
        TOGETHER = "TOGETHER"
        APART = "APART"
        NOT_HERE = "NOT_HERE"

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="bonds")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    other_post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="+")
    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="NOT_HERE", ask__isnull=False, other_post__isnull=True)
                | Q(kind__in=["TOGETHER", "APART"], ask__isnull=True, other_post__isnull=False),
                name="asks_bond_shape",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.post_id}"


class Proposal(models.Model):
    """What the machine would like a person to decide."""

    class Kind(models.TextChoices):
        NEW_ASK = "NEW_ASK", _("New ask")
        JOIN = "JOIN", _("Join two asks")
        MOVE = "MOVE", _("Move a post")
        REGRESSION = "REGRESSION", _("Not really fixed?")
        CONTEST = "CONTEST", _("An author disagrees")
        SAME = "SAME", _("Said to be the same")
        JOIN_MANY = "JOIN_MANY", _("Join several asks")
        SPLIT = "SPLIT", _("Split an ask")
        GROWTH = "GROWTH", _("Growing")
        BURST = "BURST", _("Burst")

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("state of a proposal", "Open")
        ACCEPTED = "ACCEPTED", _("Accepted")
        DISMISSED = "DISMISSED", _("Dismissed")
        STALE = "STALE", _("Overtaken")

    public_id = PublicIdField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    fingerprint = models.CharField(
        max_length=120, unique=True, help_text="Kind and subjects: one case is proposed once."
    )
    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="proposals")
    other_ask = models.ForeignKey(
        Ask, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    people_count = models.PositiveIntegerField(default=0, help_text="How many people it touches.")
    evidence = models.JSONField(default=dict)
    run_id = models.BigIntegerField(null=True, help_text="The number of the run that said so.")
    proposed_at = models.DateTimeField()
    later_until = models.DateTimeField(
        null=True, blank=True, help_text="Set aside by a person until then."
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who of the team is to decide about it.",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.OneToOneField(
        Decision, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposal"
    )

    class Meta:
        indexes = [
            models.Index(fields=["state", "-people_count", "id"], name="asks_proposal_inbox")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint}"

"""Where else what happens is told: endpoints of other programs and of chat rooms, and what was sent there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.forum.models import NAME_LENGTH, Product
from feedback.journal.models import Entry
from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

ADDRESS_LENGTH = 2000
SECRET_LENGTH = 200
#: Characters of an answer that are kept.
ANSWER_LENGTH = 500


class Endpoint(models.Model):
    """An address that is told what happens.

    ``address`` and ``secret`` are as good as passwords: no page shows them again, nor the journal. What is sent is
    signed with the secret, and with the one before it until ``secret_before_until``.
    """

    class Kind(models.TextChoices):
        STANDARD = "STANDARD", _("A program of your own (Standard Webhooks)")
        SLACK = "SLACK", _("Slack, or what takes its messages: Mattermost, Rocket.Chat")
        DISCORD = "DISCORD", _("Discord")
        FEISHU = "FEISHU", _("Feishu or Lark")
        DINGTALK = "DINGTALK", _("DingTalk")
        WECOM = "WECOM", _("WeCom")

    class Off(models.TextChoices):
        BY_HAND = "BY_HAND", _("Switched off by hand")
        FAILING = "FAILING", _("Switched off: nothing has arrived for three days")
        GONE = "GONE", _("Switched off: the other side says that it is gone for good")

    public_id = PublicIdField()
    name = LineColumn(_("name"), most=NAME_LENGTH)
    kind = models.CharField(_("where it goes"), max_length=8, choices=Kind.choices)
    address = models.TextField(_("address"), max_length=ADDRESS_LENGTH)
    secret = models.CharField(max_length=SECRET_LENGTH, blank=True)
    secret_before = models.CharField(max_length=SECRET_LENGTH, blank=True)
    secret_before_until = models.DateTimeField(null=True, blank=True)
    groups = models.JSONField(default=list)
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    language = models.CharField(_("language"), max_length=12)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    off = models.CharField(
        max_length=8, choices=Off.choices, blank=True, help_text="Empty while it is on."
    )
    off_at = models.DateTimeField(null=True, blank=True)
    free_at = models.DateTimeField(
        help_text="Nothing is sent there before: it is being sent to, or rests."
    )
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    failing_since = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True, help_text="When anything last did.")

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        return not self.off


class WebhookDelivery(models.Model):
    """One endpoint is told of one journal entry, once; without an entry it is a trial.

    ``public_id`` is what the other side knows it by, the same at each try.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", pgettext_lazy("state of a webhook", "waiting")
        DONE = "DONE", pgettext_lazy("state of a webhook", "arrived")
        DEAD = "DEAD", pgettext_lazy("state of a webhook", "given up")
        DROPPED = "DROPPED", pgettext_lazy("state of a webhook", "not public any more")

    class Why(models.TextChoices):
        """Why a try failed."""

        NO_NAME = "NO_NAME", _("the host cannot be found")
        NO_CONNECTION = "NO_CONNECTION", _("nobody answers at the address")
        NO_TRUST = "NO_TRUST", _("its certificate cannot be trusted")
        SLOW = "SLOW", _("it took too long to answer")
        BROKEN = "BROKEN", _("it broke off in the middle")
        NOT_ALLOWED = "NOT_ALLOWED", _("the address is private, or none")
        ELSEWHERE = "ELSEWHERE", _("it leads elsewhere; write the final address")
        LIMITED = "LIMITED", _("it wants fewer messages at a time")
        STATUS = "STATUS", _("it answers with an error")
        REFUSED = "REFUSED", _("it answers, and does not take the message")
        GONE = "GONE", _("it is gone for good")
        OURS = "OURS", _("it could not be sent from here; the log says why")

    public_id = PublicIdField()
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True, help_text="Of the last answer.")
    why = models.CharField(max_length=13, choices=Why.choices, blank=True)
    answer = models.TextField(max_length=ANSWER_LENGTH, blank=True)

    class Meta:
        verbose_name_plural = "webhook deliveries"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "entry"], name="notify_webhook_once"),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="notify_webhook_latest"),
            models.Index(
                fields=["endpoint", "due_at"],
                name="notify_webhook_waiting",
                condition=Q(state="WAITING"),
            ),
            models.Index(fields=["id"], name="notify_webhook_dead", condition=Q(state="DEAD")),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} to {self.endpoint_id}: {self.state}"

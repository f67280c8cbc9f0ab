"""Invitations and who came by them; what who signs up accepts and answers."""

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

NOTE_LENGTH = 60
QUESTION_LENGTH = 200
ANSWER_LENGTH = 120
CODE_LENGTH = 20


def new_code() -> str:
    """Return the secret part of a link: 100 bits, in letters that a link may have."""
    return "".join(
        secrets.choice("23456789abcdefghjkmnpqrstvwxyzBCDFG") for _n in range(CODE_LENGTH)
    )


class Invitation(models.Model):
    """A link by which somebody of ours lets others sign up, so many at most."""

    public_id = PublicIdField()
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations"
    )
    note = LineColumn(_("for whom"), most=NOTE_LENGTH, blank=True)
    most = models.PositiveSmallIntegerField(_("for how many people"), default=1)
    used = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used__lte=F("most")), name="accounts_invited_no_more"
            ),
        ]

    def __str__(self) -> str:
        return self.note or self.public_id


class Invited(models.Model):
    """Somebody came by an invitation: from whom, never changes."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invited"
    )
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="came")
    came_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} by {self.invitation_id}"


class Way(models.TextChoices):
    """Who may sign up."""

    OPEN = "OPEN", _("Anybody may sign up.")
    INVITATION = "INVITATION", _("Who is invited may sign up.")
    DOMAIN = "DOMAIN", _("Who has an address of certain domains may sign up, and who is invited.")
    CLOSED = "CLOSED", _("Nobody may sign up.")


class JoiningWishes(models.Model):
    """Who may sign up, what they have to do, and who reads: one row, of a site that has said so."""

    has_tick = models.BooleanField(
        _("who signs up ticks that they accept the rules"), default=False
    )
    way = models.CharField(
        _("who may sign up"),
        max_length=10,
        choices=Way.choices,
        default=Way.OPEN,
        db_default=Way.OPEN,
    )
    domains = models.CharField(_("domains"), max_length=500, blank=True, default="", db_default="")
    is_private = models.BooleanField(
        _("who has not signed in reads nothing"), default=False, db_default=False
    )

    def __str__(self) -> str:
        return f"{self.way}"

    @property
    def domain_list(self) -> list[str]:
        """The domains whose addresses may sign up."""
        return self.domains.split(",") if self.domains else []


class QuizQuestion(models.Model):
    """A question that whoever signs up answers, with one right answer and some that are not."""

    position = models.PositiveSmallIntegerField(_("order"), default=100)
    text = LineColumn(_("question"), most=QUESTION_LENGTH)
    text_zh = LineColumn(_("question in Chinese"), most=QUESTION_LENGTH, blank=True)
    right = LineColumn(_("right answer"), most=ANSWER_LENGTH)
    right_zh = LineColumn(_("right answer in Chinese"), most=ANSWER_LENGTH, blank=True)
    wrong = models.TextField(_("wrong answers, one a line"), max_length=1_000)
    wrong_zh = models.TextField(
        _("wrong answers in Chinese, one a line"), max_length=1_000, blank=True
    )

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.asked

    @property
    def asked(self) -> str:
        """The question in the reader's language."""
        return str(self._said("text"))

    @property
    def answers(self) -> list[tuple[str, str]]:
        """(value, answer) of each answer in the reader's language, in an order and with values that tell nothing."""
        wrong = [line.strip() for line in str(self._said("wrong")).splitlines() if line.strip()]
        every = enumerate([str(self._said("right")), *wrong])
        return sorted((self._value(number), answer) for number, answer in every)

    @property
    def right_value(self) -> str:
        """The value of the right answer."""
        return self._value(0)

    def _value(self, number: int) -> str:
        return salted_hmac("feedback.accounts.quiz", f"{self.pk}:{number}").hexdigest()[:10]

    def _said(self, name: str) -> Any:
        in_chinese = (get_language() or "").startswith("zh")
        return (in_chinese and getattr(self, f"{name}_zh")) or getattr(self, name)

"""What the team brings in for a customer: a vote, a post. The customer is a person like an imported author."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

CUSTOMER_LENGTH = 200
LINK_LENGTH = 500


class Source(models.TextChoices):
    """Where the team heard it."""

    TICKET = "TICKET", _("Support ticket")
    CALL = "CALL", pgettext_lazy("where the team heard it", "Call")
    MEETING = "MEETING", _("Meeting")
    MAIL = "MAIL", _("E-mail")
    OTHER = "OTHER", _("Something else")


class Heard(models.Model):
    """Where something was heard, of whom, and who of the team brought it in."""

    customer = LineColumn(
        most=CUSTOMER_LENGTH, help_text="Whom the team named, as it stands in their own files."
    )
    source = models.CharField(
        _("where you heard it"), max_length=8, choices=Source.choices, default=Source.TICKET
    )
    link = models.URLField(_("link"), max_length=LINK_LENGTH, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    entered_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.customer


class VoteForCustomer(Heard):
    """A vote that somebody of the team gave on behalf of a customer."""

    public_id = PublicIdField()
    vote = models.OneToOneField("forum.Vote", on_delete=models.CASCADE, related_name="for_customer")


class PostForCustomer(Heard):
    """A post that somebody of the team wrote on behalf of a customer, who is its author."""

    post = models.OneToOneField("forum.Post", on_delete=models.CASCADE, related_name="for_customer")

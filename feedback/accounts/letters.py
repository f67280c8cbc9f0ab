"""A single mail that somebody waits for: it is handed over at once, and whoever sends it hears what the mail server said."""

from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from feedback.kernel.identity import sender
from feedback.kernel.refusals import Refusal


def refuse_no_address(address: str) -> None:
    """Raise `Refusal` for what is no e-mail address."""
    try:
        validate_email(address)
    except ValidationError:
        raise Refusal(_("“%s” is not an e-mail address.") % address, status=422) from None


def hand_over(*, to: str, subject: str, body: str) -> None:
    """Hand a mail to ``to`` over to the mail server. Raises `Refusal` with what the server said."""
    message = EmailMessage(subject=subject, body=body, from_email=sender(), to=[to])
    try:
        message.send()
    except (OSError, SMTPException) as error:
        where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        raise Refusal(
            _("The mail could not be handed over to %(where)s: %(reason)s")
            % {"where": where, "reason": " ".join(str(error).split())[:300]}
        ) from error

"""What somebody is mailed when that by which they sign in changes: whoever did not do it knows at once."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: The mail that says any of these.
MAIL = "account/email/something_changed"
#: By the name that allauth has for the mail it would send.
SENTENCES: Mapping[str, str | Promise] = {
    "account/email/password_changed": _("Your password was changed."),
    "account/email/password_set": _("A password was set for your account."),
    "account/email/password_reset": _("Your password was replaced by a new one."),
    "account/email/email_changed": _(
        "The address of your account was changed. This one is it no more."
    ),
    "account/email/email_deleted": _("An address was taken off your account."),
    "account/email/email_confirm": _("An address of your account was confirmed."),
    "socialaccount/email/account_connected": _(
        "One more way to sign in was added to your account."
    ),
    "socialaccount/email/account_disconnected": _("A way to sign in was taken off your account."),
    "mfa/email/totp_activated": _("Signing in takes a code from an app from now on."),
    "mfa/email/totp_deactivated": _("Signing in takes no code from an app any more."),
    "mfa/email/webauthn_added": _("A passkey was added to your account."),
    "mfa/email/webauthn_removed": _("A passkey was taken off your account."),
    "mfa/email/recovery_codes_generated": _(
        "New recovery codes were made; those from before work no more."
    ),
}
#: What is true of a mail that stands in no list.
OTHERWISE = _("Something by which you sign in was changed.")

"""Taking a provider off one's account, without locking oneself out."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.forms import DisconnectForm as Disconnecting
from allauth.socialaccount.models import SocialAccount
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from feedback.accounts.models import ProductAccount, User


def has_another_way(account: SocialAccount) -> bool:
    """Whether the owner of ``account`` can sign in without it: by a mail, a password, a passkey, another provider or their app."""
    person: User = account.user
    has_mail = EmailAddress.objects.filter(user=person, verified=True).exists()
    if has_mail and settings.HAS_MAIL_SERVER:
        return True
    if person.has_usable_password() and person.email:
        return True
    others = (
        SocialAccount.objects.filter(user=person).exclude(pk=account.pk),
        Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN),
        ProductAccount.objects.filter(person=person),
    )
    return any(found.exists() for found in others)


class DisconnectForm(Disconnecting):
    """Which account of a provider is taken off."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = forms.Form.clean(self) or self.cleaned_data
        account = cleaned.get("account")
        if account is not None and not has_another_way(account):
            raise forms.ValidationError(
                _(
                    "You could not sign in any more. Choose a password or confirm an e-mail address first."
                )
            )
        return cleaned

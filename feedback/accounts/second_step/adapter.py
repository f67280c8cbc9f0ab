"""What django-allauth asks of a site about second steps."""

import base64
import os
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.accounts.models import User
from feedback.accounts.second_step import qr
from feedback.kernel.identity import site_name


def _box() -> Fernet:
    key = HKDF(hashes.SHA256(), 32, salt=None, info=b"feedback.accounts.second_step").derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))


class SecondStepAdapter(DefaultMFAAdapter):
    """The site's own name and words; secrets lie encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This code is not the right one. Wait for the next and try again."
        ),
        "unverified_email": gettext_lazy("Confirm your e-mail address first."),
    }

    def get_totp_issuer(self) -> str:
        return site_name()

    def build_totp_svg(self, url: str) -> str:
        """Return the address for an app as a picture; an empty one where it is too long, for the letters stand beside it."""
        try:
            return qr.svg(url)
        except ValueError:
            return '<svg xmlns="http://www.w3.org/2000/svg"/>'

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; for one that another key of the site encrypted, one that nobody knows."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(os.urandom(20)).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": site_name()}

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(n)d") % {"n": number}


def has_second_step(person: User) -> bool:
    """Whether ``person`` has an app for codes or a passkey."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=person, type__in=kinds).exists())

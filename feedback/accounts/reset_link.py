"""The link of another password."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import UserTokenForm


class ResetLinkForm(UserTokenForm):
    """What stands in the link: of an account that is closed it opens nothing."""

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean()
        if not self.reset_user.is_active:
            raise get_adapter().validation_error("invalid_password_reset")
        return said

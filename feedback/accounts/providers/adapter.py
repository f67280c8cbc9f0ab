"""What django-allauth asks of a site about providers."""

from typing import Any

from allauth.socialaccount.adapter import (
    DefaultSocialAccountAdapter,
    _build_apps_from_settings,
)
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from feedback.accounts.joining import queries
from feedback.accounts.models import NAME_LENGTH
from feedback.kernel import text, typed, visible

#: What is kept of what a provider tells: who they are there, and since when. No picture, no place, no friends.
_KEPT = {
    "id", "sub", "login", "preferred_username", "name", "nickname", "nick", "email", "created_at",
    "openid", "openId", "open_id", "unionid", "unionId", "union_id",
}  # fmt: skip
_NAMES = {
    "weixin": gettext_lazy("WeChat"),
    "feishu": gettext_lazy("Feishu"),
    "dingtalk": gettext_lazy("DingTalk"),
}
_PARTS = ("userinfo", "id_token")
#: What stands for an account whose provider names none.
_NOBODY = ("", "None")
VERIFIED = "verified_emails"


class SocialAdapter(DefaultSocialAccountAdapter):
    """Providers come from the environment alone; sign-up by one obeys the same rules as any other."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[Any]:
        """Return what the operator set up: the database is not asked."""
        apps = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for listed in apps.values() for app in listed]

    def list_providers(self, request: HttpRequest) -> list[Any]:
        return [_named(provider) for provider in super().list_providers(request)]

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> Any:
        return _named(super().get_provider(request, provider, client_id))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return queries.is_open()

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Call them as the provider does; the next page lets them change it."""
        user = super().populate_user(request, sociallogin, data)
        said = next((data[key] for key in ("name", "username") if data.get(key)), "")
        name = typed.shown(text.one_line(str(said)[:1_000]))
        user.display_name = "" if "@" in name else visible.cut(name, NAME_LENGTH)
        return user

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return {**initial, "display_name": sociallogin.user.display_name}

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Keep little of what the provider told, and which addresses it has checked: those prove old words.

        Raises `OAuth2Error` for an answer that does not say who it is about: django-allauth makes a name of "nothing".
        """
        account = sociallogin.account
        if account.uid in _NOBODY:
            raise OAuth2Error("The provider did not say who it is.")
        checked = [one.email.lower() for one in sociallogin.email_addresses if one.verified]
        if not self.can_authenticate_by_email(sociallogin, ""):
            checked = []
        account.extra_data = {**kept(account.extra_data), VERIFIED: checked}
        if account.pk:
            account.save(update_fields=["extra_data"])


def _named(provider: Any) -> Any:
    """Call a provider as its people do in the reader's language."""
    provider.name = _NAMES.get(provider.id, provider.name)
    return provider


def kept(told: dict[str, Any]) -> dict[str, Any]:
    """Return the part of what a provider told that is kept."""
    found = {name: value for name, value in told.items() if name in _KEPT}
    parts = {name: kept(told[name]) for name in _PARTS if isinstance(told.get(name), dict)}
    return {**found, **parts}

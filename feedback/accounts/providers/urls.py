"""Addresses of providers, as django-allauth calls them. One that is not set up is not found."""

from django.urls import path

from feedback.accounts.providers.views import begin, finish

_KNOWN = ("dingtalk", "feishu", "github", "google", "weixin")

urlpatterns = [
    *(path(f"{one}/login/", begin, {"provider_id": one}, name=f"{one}_login") for one in _KNOWN),
    *(
        path(f"{one}/login/callback/", finish, {"provider_id": one}, name=f"{one}_callback")
        for one in _KNOWN
    ),
    path("oidc/<slug:provider_id>/login/", begin, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", finish, name="openid_connect_callback"),
]

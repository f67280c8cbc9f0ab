from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The people."""

    name = "feedback.accounts"
    label = "accounts"

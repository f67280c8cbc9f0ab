from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The people."""

    name = "feedback.accounts"
    label = "accounts"

    def ready(self) -> None:
        from feedback.accounts import tasks
        from feedback.kernel import doorbell

        doorbell.every(3600, tasks.tidy)

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The team's desk."""

    name = "feedback.console"
    label = "console"

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The team's desk."""

    name = "feedback.desk"
    label = "desk"

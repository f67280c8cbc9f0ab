from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Commands and health."""

    name = "feedback.ops"
    label = "ops"

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Base templates, static files, home."""

    name = "feedback.web"
    label = "web"

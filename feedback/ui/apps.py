from django.apps import AppConfig


class UiConfig(AppConfig):
    """What every page is made of: base templates, components, tokens, styles, scripts, tags."""

    name = "feedback.ui"
    label = "ui"

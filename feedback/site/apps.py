from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Home, how well the site answers, language and theme."""

    name = "feedback.site"
    label = "site"

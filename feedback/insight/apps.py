from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "feedback.insight"
    label = "insight"

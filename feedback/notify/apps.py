from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "feedback.notify"
    label = "notify"

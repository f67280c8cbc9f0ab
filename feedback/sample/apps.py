from django.apps import AppConfig

from feedback.ui import navigation
from feedback.ui.navigation import Part


class SampleConfig(AppConfig):
    """A place to look at before one's own is there."""

    name = "feedback.sample"
    label = "sample"

    def ready(self) -> None:
        navigation.add("notice", 10, Part("sample/_banner.html"))

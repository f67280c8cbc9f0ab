from django.apps import AppConfig


class RoadmapConfig(AppConfig):
    """What was decided, and when it arrives."""

    name = "feedback.roadmap"
    label = "roadmap"

    def ready(self) -> None:
        from feedback.kernel import slots
        from feedback.roadmap.slots import ask_item

        slots.provide("ask-item", ask_item)

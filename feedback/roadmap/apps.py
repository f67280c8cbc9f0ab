from django.apps import AppConfig


class RoadmapConfig(AppConfig):
    """What was decided, and when it arrives."""

    name = "feedback.roadmap"
    label = "roadmap"

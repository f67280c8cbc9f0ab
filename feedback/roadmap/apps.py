from django.apps import AppConfig


class RoadmapConfig(AppConfig):
    """What was decided, and when it arrives."""

    name = "feedback.roadmap"
    label = "roadmap"

    def ready(self) -> None:
        from feedback.asks import holders
        from feedback.journal import consumers
        from feedback.kernel import slots
        from feedback.roadmap import following
        from feedback.roadmap.guards import refuse_what_an_item_answers
        from feedback.roadmap.slots import ask_item

        slots.provide("ask-item", ask_item)
        holders.register("roadmap.item", refuse_what_an_item_answers)
        consumers.subscribe("roadmap.follow", verbs=following.VERBS, handler=following.follow)

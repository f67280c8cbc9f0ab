from django.apps import AppConfig


class GroupingConfig(AppConfig):
    """The machine: it reads posts, places them, and proposes what people decide about."""

    name = "feedback.grouping"
    label = "grouping"

    def ready(self) -> None:
        from feedback.grouping import tasks
        from feedback.grouping.similar.slots import similar_asks
        from feedback.journal import consumers
        from feedback.kernel import doorbell, slots

        doorbell.every(5, tasks.embed_posts)
        doorbell.every(5, tasks.place_posts)
        doorbell.every(20, tasks.regroup)
        doorbell.every(20, tasks.try_model)
        consumers.subscribe(
            "grouping.embed",
            verbs={"forum.post-published", "forum.post-edited", "forum.posts-imported"},
            handler=tasks.embed_new_post,
        )
        slots.provide("similar-asks", similar_asks)

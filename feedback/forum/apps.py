from django.apps import AppConfig


class ForumConfig(AppConfig):
    """Where people post."""

    name = "feedback.forum"
    label = "forum"

    def ready(self) -> None:
        from feedback.forum import tasks
        from feedback.kernel import doorbell

        doorbell.every(30, tasks.index_posts)

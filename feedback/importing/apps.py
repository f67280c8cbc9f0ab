from django.apps import AppConfig


class ImportingConfig(AppConfig):
    """Bringing what a team has, from files."""

    name = "feedback.importing"
    label = "importing"

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.importing import tasks
        from feedback.kernel import doorbell

        doorbell.every(5, tasks.work_on_imports)
        doorbell.every(3_600, tasks.tidy_imports)

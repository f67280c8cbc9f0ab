from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Commands, health, and what is done every night."""

    name = "feedback.ops"
    label = "ops"

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.kernel import doorbell
        from feedback.ops import tasks

        doorbell.every(1800, tasks.reconcile_counters)

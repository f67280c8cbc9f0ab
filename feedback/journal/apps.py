from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    """What happened, once and for all."""

    name = "feedback.journal"
    label = "journal"
    verbose_name = _("Journal")

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.journal import tasks
        from feedback.kernel import doorbell

        doorbell.every(5, tasks.deliver_entries)

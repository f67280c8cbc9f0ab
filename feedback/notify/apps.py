from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Everyone who asked hears back."""

    name = "feedback.notify"
    label = "notify"

    def ready(self) -> None:
        from feedback.journal import consumers
        from feedback.kernel import slots
        from feedback.notify import fan_out
        from feedback.notify.slots import unread

        consumers.subscribe("notify.inbox", verbs=fan_out.VERBS, handler=fan_out.tell)
        slots.provide("unread", unread)

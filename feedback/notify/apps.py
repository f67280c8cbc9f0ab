from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Everyone who asked hears back."""

    name = "feedback.notify"
    label = "notify"

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.journal import consumers
        from feedback.kernel import slots
        from feedback.notify import fan_out, occasions
        from feedback.notify.channels.inbox.slots import unread

        consumers.subscribe("notify.inbox", verbs=occasions.by_verb(), handler=fan_out.tell)
        slots.provide("unread", unread)

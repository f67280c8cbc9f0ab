from dataclasses import replace

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from feedback.kernel import slots
from feedback.ui import navigation
from feedback.ui.navigation import Link


class NotifyConfig(AppConfig):
    """Everyone who asked hears back."""

    name = "feedback.notify"
    label = "notify"

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.accounts.claiming import keepers
        from feedback.journal import consumers
        from feedback.kernel import doorbell
        from feedback.notify import claiming, fan_out, occasions
        from feedback.notify.channels.inbox.slots import unread
        from feedback.notify.channels.webhook import fan_out as webhooks
        from feedback.notify.channels.webhook import happenings, tasks

        consumers.subscribe(
            "notify.inbox", verbs=occasions.by_verb(), handler=fan_out.tell, news_alone=True
        )
        consumers.subscribe(
            "notify.webhooks", verbs=happenings.by_verb(), handler=webhooks.tell, news_alone=True
        )
        doorbell.every(5, tasks.send_webhooks)
        doorbell.every(3600, tasks.tidy_webhooks)
        slots.provide("unread", unread)
        keepers.provide(40, claiming.KEEPER)
        inbox = Link(
            label=_("Inbox"), url="notify:inbox", nav="inbox", icon="bell", waiting="unread"
        )
        navigation.add("dock", 50, inbox)
        navigation.add("tools", 30, replace(inbox, seen_by="members"))

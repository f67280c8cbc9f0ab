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
        from feedback.journal import consumers
        from feedback.kernel import doorbell
        from feedback.notify import fan_out, occasions, tasks
        from feedback.notify.channels.inbox.slots import unread
        from feedback.notify.following.slots import provide

        consumers.subscribe(
            "notify.inbox", verbs=occasions.by_verb(), handler=fan_out.tell, news_alone=True
        )
        slots.provide("unread", unread)
        provide()
        doorbell.every(15, tasks.send_mail)
        inbox = Link(
            label=_("Inbox"), url="notify:inbox", nav="inbox", icon="bell", waiting="unread"
        )
        navigation.add("dock", 50, inbox)
        navigation.add(
            "rooms", 20, Link(label=_("News and mail"), url="notify:wishes", icon="bell")
        )
        navigation.add("tools", 30, replace(inbox, seen_by="members"))

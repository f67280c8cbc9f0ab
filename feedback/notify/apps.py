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
    verbose_name = _("Notices")

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.accounts import signing_out
        from feedback.accounts.claiming import keepers
        from feedback.accounts.own_data import parts
        from feedback.journal import consumers
        from feedback.kernel import doorbell
        from feedback.notify import claiming, fan_out, happenings, occasions, own_data, tasks
        from feedback.notify.channels.email import provider
        from feedback.notify.channels.feed.beside import feed_beside
        from feedback.notify.channels.inbox.slots import news, unread
        from feedback.notify.channels.push.views import turn_off_here
        from feedback.notify.channels.webhook import fan_out as webhooks
        from feedback.notify.channels.webhook import tasks as webhook_tasks
        from feedback.notify.following import lineage
        from feedback.notify.following.followers import followers_of
        from feedback.notify.following.slots import provide
        from feedback.notify.mailbox import polling
        from feedback.roadmap.ring import candidates

        consumers.subscribe(
            "notify.inbox",
            verbs=occasions.by_verb(),
            handler=fan_out.tell_in_stretches,
            news_alone=True,
        )
        consumers.subscribe(
            "notify.webhooks", verbs=happenings.by_verb(), handler=webhooks.tell, news_alone=True
        )
        consumers.subscribe("notify.follow-items", verbs=lineage.VERBS, handler=lineage.follow)
        doorbell.every(5, webhook_tasks.send_webhooks)
        doorbell.every(3600, webhook_tasks.tidy_webhooks)
        slots.provide("unread", unread)
        slots.provide("member-news", news, style="notify/notify.css")
        keepers.provide(40, claiming.KEEPER)
        parts.provide(50, own_data.PART)
        provide()
        candidates.also(followers_of)
        signing_out.also(turn_off_here)
        doorbell.every(15, tasks.send_mail)
        doorbell.every(3600, tasks.tidy_mail)
        doorbell.every(5, tasks.send_pushes)
        doorbell.every(3600, tasks.tidy_devices)
        if provider.is_on():
            provider.connect()
        if polling.is_on():
            doorbell.every(30, tasks.look_for_mail)
            doorbell.every(3600, tasks.tidy_mailbox)
        navigation.add("feed", 10, Link(label=_("Atom feed"), url=feed_beside))
        inbox = Link(
            label=_("Inbox"), url="notify:inbox", nav="inbox", icon="bell", waiting="unread"
        )
        navigation.add("dock", 50, inbox)
        navigation.add(
            "rooms", 20, Link(label=_("News and mail"), url="notify:wishes", icon="bell")
        )
        navigation.add("tools", 30, replace(inbox, seen_by="members"))

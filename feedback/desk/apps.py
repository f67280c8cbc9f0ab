from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from feedback.kernel import slots
from feedback.ui import navigation
from feedback.ui.navigation import Link, Part


class DeskConfig(AppConfig):
    """The team's desk."""

    name = "feedback.desk"
    label = "desk"

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.desk import slots as shown

        slots.provide("person-desk", shown.desk_of_people)
        slots.provide("ask-desk", shown.desk_of_asks)
        slots.provide("post-desk", shown.desk_of_posts)
        slots.provide("post-move", shown.boards_for_posts)
        slots.provide("post-order", shown.order_of_posts)
        slots.provide("comment-order", shown.order_of_comments)
        slots.provide("person-order", shown.order_of_people)
        slots.provide("person-branch", shown.branch_of_people)
        slots.provide("sample-removal", shown.removal_of_samples)
        slots.provide("webhook-desk", shown.desk_of_webhooks)
        slots.provide("case-queue", shown.queue_of_products)
        slots.provide("brief-desk", shown.desk_of_briefs)
        slots.provide("honour-desk", shown.desk_of_honours)
        desk = Link(label=_("Desk"), url="desk:inbox", nav="desk", icon="desk", seen_by="team")
        queue = Link(
            label=_("Moderation"),
            url=shown.queue_of_moderator,
            nav="desk",
            icon="flag",
            seen_by="members",
        )
        navigation.add("main", 41, queue)
        navigation.add("account", 11, queue)
        navigation.add("main", 40, desk)
        navigation.add("account", 10, desk)
        navigation.add("notice", 20, Part("desk/first_steps/_strip.html"))

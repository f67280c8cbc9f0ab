from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.ui import navigation
from feedback.ui.navigation import Link, Part


class AccountsConfig(AppConfig):
    """The people."""

    name = "feedback.accounts"
    label = "accounts"
    verbose_name = pgettext_lazy("part of the settings", "People")

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.accounts import tasks
        from feedback.accounts.joining import pages
        from feedback.accounts.own_data import parts, profile
        from feedback.kernel import doorbell

        doorbell.every(3600, tasks.tidy)
        doorbell.every(15, tasks.mail_claim_codes)
        doorbell.every(60, tasks.carry_over_claims)
        doorbell.every(20, tasks.erase_people)
        parts.provide(1, profile.PART)
        navigation.add("tools", 40, Part("accounts/_account_menu.html"))
        claim = Link(
            label=_("Claim my old words"), url="accounts:claim", icon="join", seen_by="members"
        )
        navigation.add("account", 25, claim)
        navigation.add("rooms", 30, claim)
        navigation.add("rooms", 45, Link(label=_("Invitations"), url=pages.invitations))
        navigation.add(
            "rooms", 50, Link(label=_("Your data"), url="accounts:own-data", seen_by="members")
        )
        navigation.add(
            "account", 30, Link(label=_("Settings"), url="accounts:profile", icon="edit")
        )

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from feedback.ui import navigation
from feedback.ui.navigation import Link


class BriefsConfig(AppConfig):
    """What a week brought, in a few sentences: drafted by the machine, edited and published by people."""

    name = "feedback.briefs"
    label = "briefs"

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.accounts.own_data import parts
        from feedback.briefs import following, own_data
        from feedback.forum.products.queries import link_of
        from feedback.journal import consumers

        parts.provide(30, own_data.PART)
        consumers.subscribe("briefs.follow", verbs=following.VERBS, handler=following.follow)
        navigation.add("foot", 20, Link(label=_("Weekly briefs"), url=link_of("briefs:brief-list")))

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from feedback.kernel import slots
from feedback.ui import navigation
from feedback.ui.navigation import Link


class RoadmapConfig(AppConfig):
    """What was decided, and when it arrives."""

    name = "feedback.roadmap"
    label = "roadmap"
    verbose_name = _("Roadmap")

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.accounts.claiming import keepers
        from feedback.accounts.outcomes import kinds
        from feedback.accounts.own_data import parts
        from feedback.accounts.segments.queries import provide_testers
        from feedback.asks import holders
        from feedback.forum.products.queries import link_of
        from feedback.journal import consumers
        from feedback.kernel import doorbell
        from feedback.roadmap import claiming, following, own_data, tasks
        from feedback.roadmap.guards import refuse_what_an_item_answers
        from feedback.roadmap.promises.slots import receipts
        from feedback.roadmap.ring import following as ring_following
        from feedback.roadmap.ring import outcomes
        from feedback.roadmap.ring.queries import testers
        from feedback.roadmap.search import search_roadmap
        from feedback.roadmap.slots import ask_item, shipped_for, tested

        slots.provide("ask-item", ask_item, style="roadmap/roadmap.css")
        slots.provide("person-shipped", shipped_for)
        slots.provide("post-receipt", receipts)
        slots.provide("person-honours", tested)
        slots.provide("search-roadmap", search_roadmap, style="asks/asks.css")
        keepers.provide(30, claiming.KEEPER)
        provide_testers(testers)
        kinds.provide(50, outcomes.TESTED)
        parts.provide(40, own_data.PART)
        holders.register("roadmap.item", refuse_what_an_item_answers)
        consumers.subscribe("roadmap.follow", verbs=following.VERBS, handler=following.follow)
        consumers.subscribe(
            "roadmap.ring", verbs=ring_following.VERBS, handler=ring_following.follow
        )
        doorbell.every(30, tasks.keep_reports)
        doorbell.every(300, tasks.watch_what_would_change_our_mind)
        roadmap = Link(
            label=_("Roadmap"), url=link_of("roadmap:roadmap"), nav="roadmap", icon="roadmap"
        )
        navigation.add("main", 30, roadmap)
        navigation.add("dock", 40, roadmap)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from feedback.journal.verbs import Verb
from feedback.kernel import slots
from feedback.ui import navigation
from feedback.ui.navigation import Link


class AsksConfig(AppConfig):
    """Posts that ask for the same thing are asks, and people decide about them."""

    name = "feedback.asks"
    label = "asks"

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.accounts import afterwards
        from feedback.accounts.claiming import keepers
        from feedback.accounts.outcomes import kinds
        from feedback.accounts.own_data import parts
        from feedback.asks import claiming, closed, counts, outcomes, own_data, search, tasks
        from feedback.asks import slots as shown
        from feedback.asks.after_sign_in import want_ask
        from feedback.asks.areas import reading
        from feedback.asks.proposals import said_same
        from feedback.asks.translating import text_of_ask
        from feedback.forum.products.queries import link_of
        from feedback.forum.translating import texts
        from feedback.journal import consumers
        from feedback.kernel import doorbell

        afterwards.provide("asks.vote", want_ask)
        keepers.provide(20, claiming.KEEPER)
        parts.provide(15, own_data.PART)
        kinds.provide(10, outcomes.TAKEN_UP)
        kinds.provide(15, outcomes.SHIPPED)
        kinds.provide(30, outcomes.CORRECTED)
        kinds.provide(35, outcomes.SAID_SAME)
        consumers.subscribe(
            "asks.recount",
            verbs={
                Verb.VOTED,
                Verb.UNVOTED,
                Verb.VOTE_WEIGHED,
                Verb.POST_HIDDEN,
                Verb.POST_SHOWN,
                Verb.POST_WITHDRAWN,
                Verb.AGENT_CONFIRMED,
            },
            handler=counts.recount_ask_of,
        )
        consumers.subscribe("asks.said-same", verbs=said_same.VERBS, handler=said_same.follow)
        consumers.subscribe("asks.closed", verbs=closed.VERBS, handler=closed.follow)
        doorbell.every(60, tasks.recount_areas)
        slots.provide("board-areas", reading.areas_of_boards, style="asks/areas.css")
        slots.provide("post-ask", shown.asks_of_posts)
        slots.provide("answered-posts", shown.answered_posts)
        slots.provide("person-asks", shown.asks_of_people)
        slots.provide("post-ask-strip", shown.strips_of_posts, style="asks/asks.css")
        slots.provide("search-asks", search.search_asks, style="asks/asks.css")
        search.provide_filters()
        texts.provide("ask", text_of_ask)
        asks = Link(label=_("Asks"), url=link_of("asks:ask-list"), nav="asks", icon="join")
        navigation.add("main", 20, asks)
        navigation.add("dock", 20, asks)

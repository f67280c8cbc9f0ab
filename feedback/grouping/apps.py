from django.apps import AppConfig

from feedback.journal.verbs import Verb
from feedback.kernel import slots


class GroupingConfig(AppConfig):
    """The machine: it reads posts, places them, and proposes what people decide about."""

    name = "feedback.grouping"
    label = "grouping"

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.accounts.own_data import parts
        from feedback.forum.moderation.holding.judging import (
            provide_likeness,
            provide_reading,
            provide_verdict,
        )
        from feedback.grouping import own_data, tasks
        from feedback.grouping.similar.flood import nearly_the_same
        from feedback.grouping.similar.near import near_searches
        from feedback.grouping.similar.proposing import proposals
        from feedback.grouping.similar.slots import similar_asks
        from feedback.grouping.verdicts import adverts
        from feedback.grouping.verdicts.judging import is_like_what_was_removed
        from feedback.journal import consumers
        from feedback.kernel import doorbell

        doorbell.every(5, tasks.embed_posts)
        doorbell.every(5, tasks.place_posts)
        doorbell.every(20, tasks.regroup)
        doorbell.every(20, tasks.try_model)
        doorbell.every(300, tasks.draw_pictures)
        consumers.subscribe(
            "grouping.embed",
            verbs={Verb.POST_PUBLISHED, Verb.POST_EDITED, Verb.POSTS_IMPORTED},
            handler=tasks.embed_new_post,
        )
        consumers.subscribe(
            "grouping.rehoused",
            verbs={Verb.POSTS_REHOUSED},
            handler=tasks.group_those_who_came,
        )
        provide_likeness(nearly_the_same)
        provide_reading(adverts.read)
        provide_verdict(is_like_what_was_removed)
        doorbell.every(3600, tasks.learn_from_verdicts)
        parts.provide(20, own_data.PART)
        slots.provide("similar-asks", similar_asks)
        slots.provide("post-proposal", proposals)
        slots.provide("search-meaning", near_searches)

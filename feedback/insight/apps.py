from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Posts that ask for the same thing become asks."""

    name = "feedback.insight"
    label = "insight"

    def ready(self) -> None:
        from feedback.insight import by_area, finding, marks, tasks
        from feedback.journal import consumers
        from feedback.kernel import doorbell, slots

        doorbell.every(5, tasks.embed_posts)
        doorbell.every(5, tasks.place_posts)
        doorbell.every(20, tasks.regroup)
        doorbell.every(600, tasks.measure)
        doorbell.every(20, tasks.try_model)
        consumers.subscribe(
            "insight.recount",
            verbs={
                "forum.voted",
                "forum.unvoted",
                "forum.post-hidden",
                "forum.post-shown",
                "forum.post-withdrawn",
            },
            handler=tasks.recount_ask_of,
        )
        consumers.subscribe(
            "insight.embed",
            verbs={"forum.post-published", "forum.post-edited", "forum.posts-imported"},
            handler=tasks.embed_new_post,
        )
        slots.provide("board-areas", by_area.areas_of_boards)
        slots.provide("post-ask", marks.asks_of_posts)
        slots.provide("post-ask-strip", marks.strips_of_posts)
        slots.provide("similar-asks", marks.similar_asks)
        slots.provide("search-asks", finding.search_asks)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from feedback.kernel import slots
from feedback.ui import navigation
from feedback.ui.navigation import Link


class HonoursConfig(AppConfig):
    """Levels, badges and honours: what came of what people did, shown."""

    name = "feedback.honours"
    label = "honours"

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.accounts.own_data import parts
        from feedback.honours import own_data, tasks
        from feedback.honours.shown import board_page, levels_page
        from feedback.honours.slots import marks, standings
        from feedback.kernel import doorbell

        doorbell.every(300, tasks.count_outcomes)
        parts.provide(45, own_data.PART)
        slots.provide("person-mark", marks)
        slots.provide("person-standing", standings)
        navigation.add("foot", 42, Link(label=_("How trust grows"), url=levels_page))
        navigation.add("foot", 44, Link(label=_("Board of honour"), url=board_page))

"""Who follows an item, or muted it, comes along when it is joined into another or split."""

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel.batches import batches
from feedback.notify.groups import About
from feedback.notify.models import Subscription
from feedback.roadmap.models import Reshaping

VERBS = frozenset({Verb.ITEM_JOINED, Verb.ITEM_SPLIT, Verb.ITEM_RESHAPING_UNDONE})


def follow(entry: Entry) -> None:
    """Have who follows where the asks came from follow where they are now; what somebody said of that stays.

    What they said of where the asks came from stays too, so that undoing finds it.
    """
    reshaping = Reshaping.objects.get(pk=entry.data["reshaping"])
    came_from, went_to = reshaping.item_id, reshaping.other_id
    if entry.verb == Verb.ITEM_RESHAPING_UNDONE:
        came_from, went_to = went_to, came_from
        if reshaping.is_join:
            return  # both stand again, and nobody's word was changed
    said = Subscription.objects.filter(about=About.ITEM, about_id=came_from)
    for some in batches(said.values_list("pk", flat=True)):
        Subscription.objects.bulk_create(
            [
                Subscription(
                    person_id=one.person_id,
                    about=About.ITEM,
                    about_id=went_to,
                    is_muted=one.is_muted,
                    since=entry.at,
                )
                for one in said.filter(pk__in=some)
            ],
            ignore_conflicts=True,
        )

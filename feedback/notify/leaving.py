"""What still goes out of what was queued: looked at again as it leaves, for it may have waited for days."""

from collections.abc import Callable

from django.db.models import QuerySet

from feedback.accounts.models import User
from feedback.notify import occasions
from feedback.notify.channels.inbox import queries
from feedback.notify.groups import NEVER_MUTED, Group
from feedback.notify.models import Notice, Subscription, Wishes


def still_to_tell(
    person_id: int,
    notices: QuerySet[Notice],
    *,
    wants: Callable[[Wishes | None, Group], bool],
) -> list[Notice]:
    """Return those of ``notices`` that a person is still to be told of, by thread, the latest first.

    Without what was read meanwhile, is not wanted in this way any more (``wants``), was muted, or is about what is not shown
    to them any more.
    """
    wishes = Wishes.objects.filter(person=person_id).first()
    muted = set(
        Subscription.objects.filter(person=person_id, is_muted=True).values_list(
            "about", "about_id"
        )
    )
    unread = notices.filter(read_at=None).select_related("entry")
    found = list(unread.order_by("thread", "-told_at", "-id"))
    hidden = queries.hidden(found, reader=User.objects.get(pk=person_id)) if found else set()
    kinds = occasions.by_verb()
    told = []
    for notice in found:
        occasion = kinds.get(notice.entry.verb)
        if not wants(wishes, occasions.group_of(notice.entry.verb)):
            continue
        if ("board", notice.data.get("board")) in hidden:
            continue
        if occasion is not None and occasion.group not in NEVER_MUTED:
            if not hidden.isdisjoint(queries.shown_of(notice)):
                continue
            if muted and not muted.isdisjoint(occasion.about(notice.entry)):
                continue
        told.append(notice)
    return told

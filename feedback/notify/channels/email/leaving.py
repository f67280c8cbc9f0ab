"""What of a mail still goes out: looked at again as it leaves, for a mail may have waited for days."""

from feedback.accounts.models import User
from feedback.notify import occasions
from feedback.notify.channels.email import queue
from feedback.notify.channels.inbox import queries
from feedback.notify.groups import NEVER_MUTED, Pace
from feedback.notify.models import Mail, Notice, Subscription, Wishes


def is_for_somebody(mail: Mail) -> bool:
    """Whether ``mail`` still goes to the address of its person, and that takes mail."""
    person = queue.reachable(User.objects.filter(pk=mail.person_id)).first()
    return person is not None and queue.address_of(person).lower() == mail.address.lower()


def still_to_tell(mail: Mail) -> list[Notice]:
    """Return the notices of ``mail`` by thread, the latest first.

    Without what was read meanwhile, is not wanted by mail any more, was muted, or is about what is not shown any more.
    """
    wishes = Wishes.objects.filter(person=mail.person_id).first()
    muted = {
        (about, pk)
        for about, pk in Subscription.objects.filter(
            person=mail.person_id, is_muted=True
        ).values_list("about", "about_id")
    }
    unread = Notice.objects.filter(delivery__mail=mail, read_at=None).select_related("entry")
    notices = list(unread.order_by("thread", "-told_at", "-id"))
    hidden = queries.hidden(notices)
    kinds = occasions.by_verb()
    told = []
    for notice in notices:
        occasion = kinds.get(notice.entry.verb)
        if pace_is_never(wishes, notice):
            continue
        if occasion is not None and occasion.group not in NEVER_MUTED:
            if not hidden.isdisjoint(queries.shown_of(notice)):
                continue
            if muted and not muted.isdisjoint(occasion.about(notice.entry)):
                continue
        told.append(notice)
    return told


def pace_is_never(wishes: Wishes | None, notice: Notice) -> bool:
    """Whether the group of ``notice`` is not mailed any more."""
    return queue.pace_of(wishes, occasions.group_of(notice.entry.verb)) == Pace.NEVER

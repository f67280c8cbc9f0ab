"""What an imported author was told, and could not read, reaches who they turned out to be."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils.translation import ngettext

from feedback.accounts.claiming.keepers import Keeper, Record, Records, counted
from feedback.accounts.claiming.queries import claimer_of
from feedback.accounts.models import User
from feedback.journal.models import Entry
from feedback.kernel import clock
from feedback.kernel.batches import batches
from feedback.kernel.leases import free
from feedback.notify.groups import About
from feedback.notify.models import Delivery, Mail, Notice, Subscription, Wishes
from feedback.notify.wishes.operations import apply, wishes_of

ROOM = "notify"
_KEPT = [
    field.attname
    for field in Notice._meta.concrete_fields
    if field.name not in ("id", "person", "read_at")
]


def hand_over(author: User, person: User, records: Records) -> Record:
    """Have the notices of ``author`` be ``person``'s, unread.

    What both were told stays as ``person`` has it, read or not, but is told to somebody who asked where ``author`` did. What tells
    of a deed of ``person``'s own goes. What waits to be mailed is mailed as ``person`` wishes.
    """
    moved, dropped, sharpened = [], [], []
    told = list(Notice.objects.filter(person=author).select_related("entry"))
    here = Notice.objects.filter(person=person, key__in=[notice.key for notice in told])
    both = {notice.key: notice for notice in here}
    for notice in told:
        mine = both.get(notice.key)
        if mine is None and notice.entry.actor_id != person.pk:
            moved.append(notice.pk)
            continue
        kept = {name: getattr(notice, name) for name in _KEPT}
        dropped.append(kept | {"told_at": notice.told_at.isoformat()})
        notice.delete()
        if mine is not None and notice.data.get("asked") and not mine.data.get("asked"):
            sharpened.append([mine.pk, mine.data])
            facts = {name: fact for name, fact in mine.data.items() if name != "follows"}
            mine.data = facts | {"asked": True}
            mine.save(update_fields=["data"])
    _move(moved, author, person)
    followers, wishes = _follow(person, instead_of=author), _keep_wishes(author, person)
    if said := wishes_of(person):
        apply(said)
    return {
        "notices": moved,
        "dropped": dropped,
        "sharpened": sharpened,
        "followers": followers,
        "wishes": wishes,
    }


def hand_back(author: User, person: User, records: Records) -> None:
    """Give the notices back, unread as they came; where the claim stands they stay as read as they are."""
    record = records.get(ROOM, {})
    stands = claimer_of(author) is not None
    _move(record.get("notices", []), person, author, **({} if stands else {"read_at": None}))
    dropped = _leading_somewhere(record.get("dropped", []))
    keys = [kept["key"] for kept in dropped] if stands else []
    here = Notice.objects.filter(person=person, key__in=keys)
    read = dict(here.values_list("key", "read_at"))
    Notice.objects.bulk_create(
        [Notice(person=author, read_at=read.get(kept["key"]), **kept) for kept in dropped],
        ignore_conflicts=True,
    )
    for pk, data in record.get("sharpened", []):
        Notice.objects.filter(pk=pk, person=person).update(data=data)
    Wishes.objects.filter(pk__in=record.get("wishes", []), person=person).update(person=author)
    for some in batches(record.get("followers", [])):
        Subscription.objects.filter(_about(person), pk__in=some).update(about_id=author.pk)


def _move(notices: Collection[int], whose: User, to: User, **changed: Any) -> None:
    """Have these notices be somebody else's, with what is to be mailed of them, if no mail with it is being sent right now.

    Lock contract: the mails that wait for whoever had them.
    """
    waiting = Mail.objects.select_for_update(no_key=True).filter(
        free(clock.now()), person=whose, state=Mail.State.WAITING
    )
    gathered = list(waiting.order_by("pk").values_list("pk", flat=True))
    for some in batches(notices):
        deliveries = Delivery.objects.filter(notice__in=some, person=whose)
        # The mail has the other's address: it is gathered anew.
        deliveries.filter(mail__in=gathered).update(mail=None)
        deliveries.update(person=to)
        Notice.objects.filter(pk__in=some, person=whose).update(person=to, **changed)


def _leading_somewhere(dropped: Collection[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what was dropped without what tells of something that was erased since."""
    entries = Entry.objects.in_bulk([kept["entry_id"] for kept in dropped])
    told_of: defaultdict[str, set[int]] = defaultdict(set)
    for entry in entries.values():
        told_of[entry.subject_type].add(entry.subject_id)
    there = {
        (label, pk)
        for label, pks in told_of.items()
        for pk in apps.get_model(label)
        ._base_manager.filter(pk__in=pks)
        .values_list("pk", flat=True)
    }
    subjects = {pk: (entry.subject_type, entry.subject_id) for pk, entry in entries.items()}
    return [kept for kept in dropped if subjects[kept["entry_id"]] in there]


def _keep_wishes(author: User, person: User) -> list[int]:
    """Have what the author said in a mail's footer hold for a ``person`` who has said nothing; return which row moved."""
    if Wishes.objects.filter(person=person).exists():
        return []
    moved = list(Wishes.objects.filter(person=author).values_list("pk", flat=True))
    Wishes.objects.filter(pk__in=moved).update(person=person)
    return moved


def _follow(person: User, *, instead_of: User) -> list[int]:
    """Have who follows or mutes the author follow or mute ``person``, and nobody themselves; return which rows moved."""
    known = Subscription.objects.filter(_about(person)).values("person")
    rows = Subscription.objects.filter(_about(instead_of)).exclude(person=person)
    moved = list(rows.exclude(person__in=known).values_list("pk", flat=True))
    for some in batches(moved):
        Subscription.objects.filter(pk__in=some).update(about_id=person.pk)
    return moved


def _about(person: User) -> Q:
    return Q(about=About.PERSON, about_id=person.pk)


def said(authors: Collection[User]) -> dict[int, list[str]]:
    """Return in words how much each author was told."""
    told = counted(Notice.objects.all(), "person", authors)
    return {pk: [ngettext("%d notice", "%d notices", n) % n] for pk, n in told.items()}


KEEPER = Keeper(
    room=ROOM,
    holds=((Notice, "person"), (Delivery, "person")),
    hand_over=hand_over,
    hand_back=hand_back,
    said=said,
)

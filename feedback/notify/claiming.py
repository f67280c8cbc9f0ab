"""What an imported author was told, and could not read, reaches who they turned out to be."""

from django.db.models import Q
from django.utils.translation import ngettext

from feedback.accounts.claiming.keepers import Keeper, Record, Records
from feedback.accounts.models import User
from feedback.kernel.batches import batches
from feedback.notify.groups import About
from feedback.notify.models import Delivery, Notice, Subscription, Wishes

ROOM = "notify"
_KEPT = [
    field.attname
    for field in Notice._meta.concrete_fields
    if field.name not in ("id", "person", "read_at")
]


def hand_over(author: User, person: User, records: Records) -> Record:
    """Have the notices of ``author`` be ``person``'s, unread.

    What both were told stays as ``person`` has it, read or not, but is told to somebody who asked where ``author`` did. What tells
    of a deed of ``person``'s own goes.
    """
    dropped, sharpened = [], []
    told = list(Notice.objects.filter(person=author).select_related("entry"))
    here = Notice.objects.filter(person=person, key__in=[notice.key for notice in told])
    both = {notice.key: notice for notice in here}
    for notice in told:
        mine = both.get(notice.key)
        if mine is None and notice.entry.actor_id != person.pk:
            continue
        kept = {name: getattr(notice, name) for name in _KEPT}
        dropped.append(kept | {"told_at": notice.told_at.isoformat()})
        notice.delete()
        if mine is not None and notice.data.get("asked") and not mine.data.get("asked"):
            sharpened.append([mine.pk, mine.data])
            mine.data = {**mine.data, "asked": True}
            mine.save(update_fields=["data"])
    moved = list(Notice.objects.filter(person=author).values_list("pk", flat=True))
    Delivery.objects.filter(person=author).update(person=person)
    Notice.objects.filter(person=author).update(person=person)
    return {
        "notices": moved,
        "dropped": dropped,
        "sharpened": sharpened,
        "followers": _follow(person, instead_of=author),
        "wishes": _keep_wishes(author, person),
    }


def hand_back(author: User, person: User, records: Records) -> None:
    """Give the notices back, unread as they came."""
    record = records.get(ROOM, {})
    for some in batches(record.get("notices", [])):
        Delivery.objects.filter(notice__in=some, person=person).update(person=author)
        held = Notice.objects.filter(pk__in=some, person=person)
        held.update(person=author, read_at=None)
    Notice.objects.bulk_create(
        [Notice(person=author, **kept) for kept in record.get("dropped", [])],
        ignore_conflicts=True,
    )
    for pk, data in record.get("sharpened", []):
        Notice.objects.filter(pk=pk, person=person).update(data=data)
    Wishes.objects.filter(pk__in=record.get("wishes", []), person=person).update(person=author)
    for some in batches(record.get("followers", [])):
        Subscription.objects.filter(_about(person), pk__in=some).update(about_id=author.pk)


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


def said(author: User) -> list[str]:
    """Return in words how much ``author`` was told."""
    notices = Notice.objects.filter(person=author).count()
    return [ngettext("%d notice", "%d notices", notices) % notices] if notices else []


KEEPER = Keeper(
    room=ROOM,
    holds=((Notice, "person"), (Delivery, "person")),
    hand_over=hand_over,
    hand_back=hand_back,
    said=said,
)

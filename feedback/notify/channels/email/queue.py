"""What has to go out by mail: who wants it, and when it is due."""

import datetime as dt
from collections.abc import Collection

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Lower

from feedback.accounts.claiming.queries import has_been_claimed
from feedback.accounts.claiming.unclaimed import may_be_mailed_unclaimed
from feedback.accounts.models import GUEST, Origin, User
from feedback.accounts.operations import came_from
from feedback.journal.models import Entry
from feedback.notify.groups import USUAL, Group, Pace
from feedback.notify.models import ClosedAddress, Delivery, Notice, Wishes
from feedback.notify.quiet_hours import after_quiet, zone_of

#: What happens within this time goes out as one mail: a team that ships five things ships them in a row.
GATHERED = dt.timedelta(minutes=2)
#: The hour at which what is mailed once a day, or on Mondays once a week, is due, by the reader's clock.
HOUR_OF_DIGESTS = 8


def is_on() -> bool:
    """Whether there is a mail server."""
    return bool(settings.HAS_MAIL_SERVER)


def reachable(people: QuerySet[User]) -> QuerySet[User]:
    """Return those of ``people`` to whom a mail can be sent, at an address that is not known to be wrong: `address_of`.

    Authors who have not claimed their words are among them where a manager said so; guests never, for anybody may have typed their address.
    """
    unproven = EmailAddress.objects.filter(
        user=OuterRef("pk"), email__iexact=OuterRef("email"), verified=False
    )
    may = Q(~Exists(unproven), origin=Origin.SIGNED_UP, email__isnull=False)
    if may_be_mailed_unclaimed():
        brought = ~Q(imported_email="") & ~came_from(GUEST)
        may |= Q(~has_been_claimed(), brought, origin=Origin.IMPORTED)
    address = Lower(Coalesce(OuterRef("email"), OuterRef("imported_email")))
    closed = ClosedAddress.objects.filter(address=address)
    return people.filter(may, is_active=True).exclude(Exists(closed))


def address_of(person: User) -> str:
    """Return where one of `reachable` is mailed. Never show that of an imported author."""
    return person.email or person.imported_email


def put(
    *, person_ids: Collection[int], key: str, entry: Entry, group: Group, now: dt.datetime
) -> None:
    """Queue what ``entry`` just told these people for those who want ``group`` by mail; no-op for what is queued."""
    if not is_on():
        return
    wanted = reachable(User.objects.filter(pk__in=person_ids))
    wishes = {wish.person_id: wish for wish in Wishes.objects.filter(person__in=person_ids)}
    told = dict(
        Notice.objects.filter(
            person__in=wanted, key=key, entry=entry, read_at=None, delivery__isnull=True
        ).values_list("person", "pk")
    )
    deliveries = []
    for person, notice in told.items():
        wish = wishes.get(person)
        pace = pace_of(wish, group)
        if pace != Pace.NEVER:
            due = due_at(pace, wish, now=now)
            deliveries.append(Delivery(notice_id=notice, person_id=person, pace=pace, due_at=due))
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)


def pace_of(wishes: Wishes | None, group: str) -> Pace:
    """Return when ``group`` is mailed to whoever has these wishes."""
    said = wishes.mail.get(str(group)) if wishes else None
    return Pace(said) if said in Pace.values else USUAL[group]


def due_at(pace: Pace, wishes: Wishes | None, *, now: dt.datetime) -> dt.datetime:
    """Return when what happens ``now`` is due at this pace, not within quiet hours."""
    if pace == Pace.NOW:
        return after_quiet(now + GATHERED, wishes)
    local = now.astimezone(zone_of(wishes))
    due = local.replace(hour=HOUR_OF_DIGESTS, minute=0, second=0, microsecond=0)
    if due <= local:
        due += dt.timedelta(days=1)
    if pace == Pace.WEEKLY:
        due += dt.timedelta(days=(7 - due.weekday()) % 7)
    return after_quiet(due.astimezone(dt.UTC), wishes)

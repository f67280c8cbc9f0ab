"""Which people are of which segment, and what they bring."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from feedback.accounts.handover.models import ProductAccount
from feedback.accounts.imported import DESK
from feedback.accounts.models import User
from feedback.accounts.segments.models import Segment, SegmentLine
from feedback.kernel.batches import batches

Kind = SegmentLine.Kind
#: Returns the ids of whoever is or was in a beta ring; a higher room says it.
Testers = Callable[[], "QuerySet[Any, int]"]

_testers: list[Testers] = []


def provide_testers(testers: Testers) -> None:
    """Have ``testers`` say who is or was in a beta ring. Call it in ``AppConfig.ready``."""
    _testers[:] = [testers]


def segments() -> QuerySet[Segment]:
    """Return the segments there are, in their order."""
    return Segment.objects.filter(removed_at=None)


def people_of(segment: Segment) -> QuerySet[User]:
    """Return the people of ``segment``, each once."""
    accounts = ProductAccount.objects.order_by()
    if segment.rule == Segment.Rule.PLAN:
        of = accounts.filter(plan__iexact=segment.value).exclude(plan="")
        return User.objects.filter(pk__in=of.values("person"))
    if segment.rule == Segment.Rule.WORD:
        of = accounts.filter(segment__iexact=segment.value).exclude(segment="")
        return User.objects.filter(pk__in=of.values("person"))
    if segment.rule == Segment.Rule.RING:
        return User.objects.filter(pk__in=_testers[0]()) if _testers else User.objects.none()
    lines = SegmentLine.objects.filter(segment=segment)
    mails = lines.filter(kind=Kind.MAIL).values("who")
    named = lines.filter(kind=Kind.ACCOUNT).values("who")
    checked = EmailAddress.objects.filter(verified=True, email__in=mails)
    return User.objects.filter(
        Q(pk__in=checked.values("user"))
        | Q(imported_email__in=mails)
        | Q(pk__in=accounts.filter(subject__in=named).values("person"))
        | Q(origin_key__in=lines.filter(kind=Kind.CUSTOMER).values("who"))
    )


def customer_key(name: str) -> str:
    """Return what a customer of the team's is known by."""
    return f"{DESK}:{name}"


def segments_of(people: Collection[int]) -> dict[int, list[Segment]]:
    """Return the segments of each of ``people`` who is of any; a query a segment."""
    wanted = set(people)
    found: dict[int, list[Segment]] = defaultdict(list)
    for segment in segments():
        for some in batches(wanted):
            those = people_of(segment).filter(pk__in=some).order_by()
            for person in those.values_list("pk", flat=True).distinct():
                found[person].append(segment)
    return dict(found)


def revenue_of(people: Collection[int]) -> dict[int, dict[int, Decimal]]:
    """Return what each of ``people`` brings, by the line that says so: a customer of two people is counted once by it."""
    lines: dict[tuple[str, str], dict[int, Decimal]] = defaultdict(dict)
    known = SegmentLine.objects.filter(revenue__isnull=False, segment__removed_at=None)
    for pk, kind, who, revenue in known.values_list("pk", "kind", "who", "revenue"):
        if revenue is not None:
            lines[kind, who][pk] = revenue
    wanted = set(people)
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for kind, who, person in _led_to(known) if lines else ():
        if person in wanted:
            found[person].update(lines.get((kind, who), {}))
    return dict(found)


def _led_to(lines: QuerySet[SegmentLine]) -> Iterable[tuple[str, str, int]]:
    """Yield (kind, who, person) for whoever the lines lead to."""

    def of(kind: str) -> Any:
        return lines.filter(kind=kind).values("who")

    mails = of(Kind.MAIL)
    checked = EmailAddress.objects.filter(verified=True, email__in=mails)
    for who, person in checked.values_list("email", "user_id"):
        yield Kind.MAIL, who, person
    authors = User.objects.filter(imported_email__in=mails)
    for who, person in authors.values_list("imported_email", "pk"):
        yield Kind.MAIL, who, person
    accounts = ProductAccount.objects.filter(subject__in=of(Kind.ACCOUNT))
    for who, person in accounts.values_list("subject", "person_id"):
        yield Kind.ACCOUNT, who, person
    customers = User.objects.filter(origin_key__in=of(Kind.CUSTOMER))
    for who, person in customers.values_list("origin_key", "pk"):
        yield Kind.CUSTOMER, who, person

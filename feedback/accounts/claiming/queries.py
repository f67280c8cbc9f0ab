"""Which imported authors may be claimed, by whom, and who they turned out to be."""

from collections.abc import Collection

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet

from feedback.accounts.claiming.models import Claim, ClaimCode
from feedback.accounts.models import Origin, User
from feedback.accounts.operations import came_from
from feedback.accounts.providers.proof import proven_authors

_made_up: set[str] = set()


def nobody_claims(source: str) -> None:
    """Have nobody claim the authors of ``source``, which shows what a site looks like. Call it in ``AppConfig.ready``."""
    _made_up.add(source)


def authors() -> "QuerySet[User]":
    """Return the imported authors who may be somebody, claimed or not."""
    found = User.objects.filter(origin=Origin.IMPORTED, is_active=True)
    for source in _made_up:
        found = found.exclude(came_from(source))
    return found


def claimable() -> "QuerySet[User]":
    """Return those of `authors` whom nobody has claimed."""
    return authors().exclude(has_been_claimed())


def proven_by_address(person: User) -> "QuerySet[User]":
    """Return the authors whose address is one that ``person`` has shown to be theirs."""
    return _not_taken_back(claimable().filter(_own_address(person)), person)


def proven_without_code(person: User) -> "QuerySet[User]":
    """Return the authors whom an address of ``person`` shows to be theirs, or an account elsewhere by which they signed in."""
    proven = claimable().filter(_own_address(person) | proven_authors(person))
    return _not_taken_back(proven, person)


def _own_address(person: User) -> Q:
    own = EmailAddress.objects.filter(user=person, verified=True)
    addresses = [address.lower() for address in own.values_list("email", flat=True)]
    return Q(imported_email__in=addresses)


def proven_by_code(code: ClaimCode, person: User) -> "QuerySet[User]":
    """Return the authors that ``code`` is for: one of the team for one, one in a mail for all with its address."""
    if code.author_id is not None:
        return claimable().filter(pk=code.author_id)
    return _not_taken_back(claimable().filter(imported_email=code.address), person)


def _not_taken_back(authors: "QuerySet[User]", person: User) -> "QuerySet[User]":
    """Leave out whom ``person`` had claimed wrongly: only the team lets them have another try."""
    taken_back = Claim.objects.filter(person=person).exclude(undone_at=None)
    return authors.exclude(pk__in=taken_back.values("author")).order_by("pk")


def claimer_of(author: User) -> User | None:
    """Return who ``author`` turned out to be."""
    if author.origin != Origin.IMPORTED:
        return None
    claim = Claim.objects.filter(author=author, undone_at=None).select_related("person").first()
    return None if claim is None else claim.person


def claimers_of(authors: Collection[int]) -> set[int]:
    """Return who these people turned out to be, as far as they were claimed."""
    claims = Claim.objects.filter(author__in=authors, undone_at=None)
    return set(claims.values_list("person", flat=True))


def claims_of(person: User) -> "QuerySet[Claim]":
    """Return what ``person`` has claimed and still has, the newest first, with the authors."""
    return (
        Claim.objects.filter(person=person, undone_at=None).select_related("author").order_by("-pk")
    )


def has_been_claimed() -> Exists:
    """Return the condition that a person is an author who turned out to be another."""
    return Exists(Claim.objects.filter(author=OuterRef("pk"), undone_at=None))

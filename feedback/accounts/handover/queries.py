"""What products said of people: for the team, for compose, for segments."""

from collections.abc import Collection

from django.db.models import QuerySet

from feedback.accounts.handover.models import ProductAccount
from feedback.accounts.models import User


def product_accounts(person: User) -> QuerySet[ProductAccount]:
    """Return who ``person`` is in products, the one that spoke last first."""
    return ProductAccount.objects.filter(person=person).order_by("-seen_at", "-pk")


def said_last(person: object) -> ProductAccount | None:
    """Return what a product said of ``person`` last; nothing of a visitor."""
    return product_accounts(person).first() if isinstance(person, User) else None


def plans_of(people: Collection[int]) -> dict[int, str]:
    """Return the plan that products said last of each of ``people`` (primary keys), where they said one."""
    said = ProductAccount.objects.filter(person__in=people).exclude(plan="").order_by("seen_at")
    return dict(said.values_list("person", "plan"))


def devices() -> dict[int, str]:
    """Return the device that products said last of each person (primary key), of those of whom they said one; one query."""
    said = ProductAccount.objects.exclude(device="").order_by("seen_at", "pk")
    return dict(said.values_list("person", "device"))


def version_of(person: object) -> str:
    """Return which version of the product ``person`` came from last, "" where none was said."""
    said = said_last(person)
    return "" if said is None else said.product_version

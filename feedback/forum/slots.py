"""What the forum shows on other rooms' pages: where a person's page is."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest
from django.urls import reverse

from feedback.accounts.models import User
from feedback.accounts.permissions import member_of


def pages_of_people(request: HttpRequest, people: Sequence[User]) -> Mapping[int, str]:
    """Fill "person-page": the address of the page that says who each person is and what they wrote."""
    return {person.pk: reverse("forum:person-detail", args=[person.public_id]) for person in people}


def own_page(request: HttpRequest) -> str:
    """Return the address of the reader's own page."""
    return pages_of_people(request, [member_of(request)])[member_of(request).pk]


def page_of_rules(request: HttpRequest, nothing: Sequence[None]) -> Mapping[int, str]:
    """Fill "rules-page", for whoever signs up: the address of the rules, under 0."""
    return {0: reverse("forum:rules")}

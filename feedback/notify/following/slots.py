"""The button that follows a thing, for the page of each."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from feedback.accounts.models import User
from feedback.kernel import slots
from feedback.notify.following.queries import posts_followed_by, standings
from feedback.notify.following.subjects import SUBJECTS
from feedback.notify.groups import About


def button(request: HttpRequest, about: About, row: Any) -> str:
    """Return the button that follows ``row`` or stops following it, as its reader stands to it now."""
    return buttons(about, request, [row])[row.pk]


def buttons(about: About, request: HttpRequest, rows: Sequence[Any]) -> Mapping[int, str]:
    """Fill "follow-…": for each of ``rows`` its button."""
    person, subject = request.user, SUBJECTS[about]
    if about == About.PERSON:  # nobody follows themselves
        rows = [row for row in rows if row.pk != person.pk]
    stands = standings(person, about, [row.pk for row in rows])
    return {
        row.pk: render_to_string(
            "notify/following/_follow.html",
            {
                "action": reverse("notify:follow", args=[about.lower(), subject.key(row)]),
                "standing": stands[row.pk],
                "name": str(row),
            },
            request=request,
        )
        for row in rows
    }


def followed_posts(request: HttpRequest, people: Sequence[User]) -> Mapping[int, Q]:
    """Fill "followed-posts": the condition that a post is of something that each of ``people`` follows."""
    found = {person.pk: posts_followed_by(person) for person in people}
    return {pk: condition for pk, condition in found.items() if condition is not None}


def provide() -> None:
    """Fill a slot for each kind of thing that can be followed, and the one of the posts that somebody follows."""
    for about in About:
        slots.provide(f"follow-{about.lower()}", partial(buttons, about))
    slots.provide("followed-posts", followed_posts)

"""The button that follows a thing, for the page of each."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from feedback.kernel import slots
from feedback.notify.following.queries import standings
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


def provide() -> None:
    """Fill a slot for each kind of thing that can be followed."""
    for about in About:
        slots.provide(f"follow-{about.lower()}", partial(buttons, about))

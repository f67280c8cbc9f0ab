"""What stands beside a name, and on a person's page."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from feedback.accounts.models import Origin, User
from feedback.accounts.trust import level_of, standing_of
from feedback.honours.badges import BY_KEY
from feedback.honours.marking import HONOUR
from feedback.honours.presenting import badges_shown, progress_of
from feedback.honours.queries import honours_of
from feedback.honours.shown import Shown, shown
from feedback.kernel import clock
from feedback.ui.templatetags.emblems import emblem


def marks(request: HttpRequest, people: Sequence[User]) -> Mapping[int, SafeString]:
    """Fill "person-mark": the one mark beside each name; however many names, two queries a page."""
    here = shown(request)
    if not here.levels:
        return {}
    return {person.pk: _mark(here, person.mark) for person in people if person.mark}


def _mark(here: Shown, mark: str) -> SafeString:
    if mark.startswith(HONOUR):
        honour = here.honours.get(mark.removeprefix(HONOUR))
        if honour is None or honour.is_retired:
            return SafeString()
        name, drawn = honour.title, emblem(honour.sign, "honour", 16)
    elif mark in BY_KEY:
        name, drawn = str(BY_KEY[mark].name), emblem(BY_KEY[mark].sign, "badge", 16)
    else:
        return SafeString()
    return format_html(
        '<span class="person__mark" title="{}">{}<span class="visually-hidden">{}</span></span>',
        name,
        drawn,
        name,
    )


def standings(request: HttpRequest, people: Sequence[User]) -> Mapping[int, SafeString]:
    """Fill "person-standing", for one person a page: their level, honours and badges."""
    here = shown(request)
    found = {}
    for person in people:
        if here.levels and person.is_active and person.origin == Origin.SIGNED_UP:
            found[person.pk] = _standing(request, person)
    return found


def _standing(request: HttpRequest, person: User) -> SafeString:
    standing, now = standing_of(person), clock.now()
    is_self = person == request.user
    context = {
        "person": person,
        # The team has a mark of its own, and who has just come is not told so by everybody.
        "level": level_of(standing, joined_at=person.joined_at, now=now),
        "badges": badges_shown(standing),
        "honours": honours_of([person]).get(person.pk, []),
        "progress": progress_of(person, standing, now=now)
        if is_self and not person.is_team
        else None,
        "is_self": is_self,
    }
    return render_to_string("honours/_person.html", context, request=request)

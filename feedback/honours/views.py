"""How trust grows, the board of honour, and who has an honour: for everyone, while levels are shown."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from feedback.accounts.models import User
from feedback.accounts.outcomes.kinds import kinds
from feedback.accounts.trust import standing_of, trust_of
from feedback.forum.outcomes import MEMBER_AFTER, NEW_AFTER
from feedback.honours import presenting, queries
from feedback.honours.shown import access_board, access_honour, access_levels
from feedback.kernel import clock

_PEOPLE = 50


@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """The levels, what each needs and unlocks, what counts, and which badges there are; for members how far they are."""
    here = access_levels(request)
    person = request.user if isinstance(request.user, User) else None
    now = clock.now()
    standing = standing_of(person) if person is not None else None
    context = {
        "levels": presenting.levels(trust_of(person, now=now) if person is not None else None),
        "kinds": [kind for kind in kinds() if kind.raises],
        "progress": presenting.progress_of(person, standing, now=now)
        if person is not None and not person.is_team
        else None,
        "badges": presenting.all_badges(standing.counts if standing is not None else None),
        "has_board": here.board,
        "new_days": NEW_AFTER.days,
        "member_days": MEMBER_AFTER.days,
    }
    return render(request, "honours/trust.html", context)


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every honour, and people by what came of what they did."""
    access_board(request)
    page = Paginator(queries.on_the_board(), _PEOPLE).get_page(request.GET.get("page"))
    people = list(page)
    held = queries.honours_of(people)
    rows = [
        (
            person,
            presenting.outcomes_of(standing := getattr(person, "standing", None)),
            held.get(person.pk, []),
            presenting.badges_shown(standing),
        )
        for person in people
    ]
    honours = [one for one in queries.honours_with_numbers() if not one.is_retired]
    context = {"honours": honours, "page": page, "rows": rows}
    return render(request, "honours/board.html", context)


@require_safe
def honour_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One honour and who has it."""
    honour = access_honour(request, public_id)
    page = Paginator(queries.holders_of(honour), _PEOPLE).get_page(request.GET.get("page"))
    context = {"honour": honour, "page": page, "has_board": access_levels(request).board}
    return render(request, "honours/honour_detail.html", context)

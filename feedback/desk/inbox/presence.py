"""Who of the team looks at which proposal now, and what others decided since the list was read.

Where somebody looks is kept in the cache for less than a minute, under a key of their own: two people never overwrite each
other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feedback.accounts.models import IN_TEAM, User
from feedback.accounts.permissions import member_of, team_required
from feedback.asks.models import Proposal
from feedback.desk.inbox.reading import moment
from feedback.desk.inbox.waiting import LATER, waiting, wish_of
from feedback.desk.product import picked
from feedback.forum.products import queries as products
from feedback.kernel import clock

#: Seconds that a pulse is believed; a page beats more often than that (static/desk/presence.js).
KEPT = 40
#: Rows that are told of at once.
MOST = 50


@dataclass(frozen=True)
class Told:
    """What a row should say that the list does not: who looks at it, or what became of it."""

    public_id: str
    lookers: list[User]
    became: str = ""


@never_cache
@require_safe
@team_required
def pulse(request: HttpRequest) -> HttpResponse:
    """Say where the reader is; answer with what others do with the rows of their list."""
    reader, now = member_of(request), clock.now()
    at = Proposal.objects.filter(public_id=request.GET.get("at", "")).select_related("ask__product")
    open_one = at.first()
    product = open_one.ask.product if open_one is not None else picked(request)
    products.about(request, product)
    cache.set(_key(reader.pk), open_one.public_id if open_one is not None else "", KEPT)
    wish = wish_of(request)
    waits = waiting(product, wish, now=now)
    since = moment(request.GET.get("since", ""))
    context = {
        "rows": _rows(
            request.GET.getlist("row")[:MOST], reader=reader, wants_later=wish.kind == LATER
        ),
        "waiting_count": waits.count(),
        "fresh": waits.filter(proposed_at__gt=since).count() if since is not None else 0,
        "keep": wish.query,
    }
    return render(request, "desk/inbox/_pulse.html", context)


def _rows(public_ids: list[str], *, reader: User, wants_later: bool) -> list[Told]:
    """Return what there is to tell of these rows; three queries."""
    lookers = lookers_of(public_ids, but=reader)
    found = Proposal.objects.filter(public_id__in=public_ids).select_related("decided_by")
    became = {one.public_id: _became(one, wants_later=wants_later) for one in found}
    return [
        Told(one, lookers.get(one, []), became.get(one, _("It is gone.")))
        for one in public_ids
        if one in lookers or became.get(one) != ""
    ]


def lookers_of(public_ids: Iterable[str], *, but: User) -> dict[str, list[User]]:
    """Return by proposal who of the team looks at it now, but for one; of those proposals that somebody looks at."""
    team = User.objects.filter(IN_TEAM).exclude(pk=but.pk).order_by("display_name", "pk")
    people = {_key(one.pk): one for one in team}
    wanted = set(public_ids)
    looking: dict[str, list[User]] = {}
    for key, at in cache.get_many(people).items():
        if at in wanted:
            looking.setdefault(at, []).append(people[key])
    return looking


def _became(proposal: Proposal, *, wants_later: bool) -> str:
    """Return in a sentence what became of a proposal that was listed, "" while it waits there."""
    name = proposal.decided_by.name if proposal.decided_by is not None else ""
    match proposal.state:
        case Proposal.State.ACCEPTED:
            return _("%(name)s accepted it.") % {"name": name}
        case Proposal.State.DISMISSED:
            return _("%(name)s said no.") % {"name": name}
        case Proposal.State.STALE:
            return _("It is overtaken by another decision.")
    put_off = proposal.later_until is not None and proposal.later_until > clock.now()
    return _("It was put off.") if put_off and not wants_later else ""


def _key(person: int) -> str:
    return f"desk.at:{person}"

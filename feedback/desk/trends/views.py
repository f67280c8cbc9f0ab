"""What grows faster than the board does, with the evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.accounts.permissions import member_of, team_required
from feedback.asks.models import Ask
from feedback.asks.trend import attach_trends
from feedback.desk.product import picked
from feedback.desk.trends import export
from feedback.desk.trends.notable import SHOWN, notable
from feedback.desk.trends.parts import PartRow, parts_of
from feedback.forum.models import Post, Product
from feedback.kernel import clock, sheets, text
from feedback.kernel.way_back import is_ours
from feedback.measure.alerts import operations as alerting
from feedback.measure.alerts.by_part import Part
from feedback.measure.alerts.fading import fading
from feedback.measure.alerts.queries import Grown, open_alerts, unseen_alerts, watch
from feedback.measure.models import Alert

SORTS = ("strength", "people")
#: What an alert without evidence shows.
_NOTHING = {"posts": 0, "expected": 0.0, "raw": 0.0}


@dataclass(frozen=True)
class Row:
    """One ask that grows, with its words and its line."""

    grown: Grown
    ask: Ask


@dataclass(frozen=True)
class ShownAlert:
    """One alert as its component reads it; dates are days."""

    alert: Alert
    ask: Ask
    evidence: dict[str, Any]
    posts: list[Post]


@require_safe
@team_required
def trends(request: HttpRequest) -> HttpResponse:
    """What grows, what bursts, what came with a release, what fades; and the alerts that last."""
    version = text.one_line(request.GET.get("version", ""))[:40]
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "strength"
    product = picked(request)
    watched = watch(product, now=clock.now(), version=version)
    seen = (watched.growth, watched.bursts, watched.after, watched.first_days)
    lists = [notable(rows, sort) for rows in seen]
    asks = Ask.objects.in_bulk({row.ask_id for rows in lists for row in rows})
    attach_trends(asks.values())
    growth, bursts, after, first_days = (
        [Row(one, asks[one.ask_id]) for one in rows if one.ask_id in asks] for rows in lists
    )
    parts = parts_of(product)
    faded = fading(product, now=clock.now())
    here = reverse("desk:trends")
    keep = f"&version={version}" if version else ""
    return render(
        request,
        "desk/trends/trends.html",
        {
            "nav": "desk",
            "watched": watched,
            "growth": growth,
            "bursts": bursts,
            "after": after,
            "first_days": first_days,
            "parts": parts,
            "fading": faded,
            "quiet": [
                name
                for name, rows in (
                    (_("Growing"), growth),
                    (_("Bursts"), bursts),
                    (_("After a release"), [*after, *first_days]),
                    (_("Fading"), faded),
                    (_("By version"), _of(parts, Part.VERSION)),
                    (_("By device"), _of(parts, Part.DEVICE)),
                )
                if not rows
            ],
            "version": version,
            "alerts": shown_alerts(open_alerts(product)[:SHOWN]),
            "tabs": [
                (f"{here}?sort=strength{keep}", _("Strongest"), sort == "strength"),
                (f"{here}?sort=people{keep}", _("Most people"), sort == "people"),
            ],
            "sort": sort,
        },
    )


def _of(rows: Sequence[PartRow], part: Part) -> list[PartRow]:
    return [row for row in rows if row.part == part]


@require_safe
@team_required
def trends_file(request: HttpRequest) -> HttpResponseBase:
    """What moved, to take along: every list of the page, a row an ask."""
    product, version = picked(request), text.one_line(request.GET.get("version", ""))[:40]
    watched = watch(product, now=clock.now(), version=version)
    rows = export.rows(watched, fading(product, now=clock.now()), parts_of(product))
    return sheets.csv_answer(rows, name="trends")


def shown_alerts(alerts: Sequence[Alert] | Any) -> list[ShownAlert]:
    """Return alerts with the days of their windows as days, and the posts to read; one query for all of these."""
    alerts = list(alerts)
    wanted = [one for alert in alerts for one in alert.evidence.get("sample", [])]
    posts = {
        post.public_id: post
        for post in Post.objects.filter(public_id__in=wanted, state=Post.State.PUBLISHED)
    }
    return [
        ShownAlert(
            alert=alert,
            ask=alert.ask,
            evidence=_NOTHING
            | alert.evidence
            | {
                "first": parse_date(alert.evidence.get("first", "")),
                "last": parse_date(alert.evidence.get("last", "")),
            },
            posts=[posts[one] for one in alert.evidence.get("sample", []) if one in posts],
        )
        for alert in alerts
    ]


def unseen(product: Product) -> dict[str, Any]:
    """Return what the inbox says of the alerts of ``product``: how many nobody has seen, and the strongest."""
    alerts = unseen_alerts(product)
    return {"alerts_unseen": alerts.count(), "strongest_alert": alerts.first()}


def alerts_of(ask: Ask) -> list[ShownAlert]:
    """Return the alerts that last about ``ask``, with their evidence."""
    return shown_alerts(open_alerts().filter(ask=ask))


@require_POST
@team_required
def alert_seen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that it is seen, or take that back."""
    alert = Alert.objects.filter(public_id=public_id).select_related("ask").first()
    if alert is None:
        raise Http404
    person, now = member_of(request), clock.now()
    if request.POST.get("do") == "undo":
        alerting.unsee(alert=alert, actor=person, now=now)
    elif alerting.see(alert=alert, actor=person, now=now):
        messages.success(request, _("Seen: “%(title)s”.") % {"title": alert.ask.title})
    back = request.POST.get("next", "")
    return redirect(back if is_ours(request, back) else "desk:trends")

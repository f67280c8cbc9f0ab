"""Warning the team: one alert a case, kept up to date while it lasts."""

import datetime as dt
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction

from feedback.accounts.models import User
from feedback.accounts.permissions import by_team
from feedback.asks.locking import hold_grouping
from feedback.asks.models import Ask, Proposal
from feedback.asks.proposals.rises import propose_rise, withdraw_rise
from feedback.forum.models import Product
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.measure.alerts.queries import (
    AFTER_RELEASE,
    Grown,
    evidence_of,
    look,
    names_version,
    unseen_alerts,
)
from feedback.measure.models import Alert

#: At most one look in so many seconds, whichever worker comes first.
LOOK_EVERY = 3600
_LOOKED = "measure.looked-for-rises"
#: What the inbox calls what is raised.
_PROPOSED = {
    Alert.Kind.GROWTH: Proposal.Kind.GROWTH,
    Alert.Kind.BURST: Proposal.Kind.BURST,
    Alert.Kind.RELEASE: Proposal.Kind.BURST,
}
#: A case ends when nothing of its ask stands above the board any more, not as soon as the bound wavers.
_OVER = 1.0


def raise_alerts_now_and_then(*, now: dt.datetime) -> int:
    """Look for what grows unless somebody has within the hour; return how many alerts were raised."""
    if not cache.add(_LOOKED, 1, LOOK_EVERY):
        return 0
    return sum(raise_alerts(product=product, now=now) for product in Product.objects.all())


def raise_alerts(*, product: Product, now: dt.datetime) -> int:
    """Raise an alert for each ask of ``product`` that grows, bring the open ones up to date, end what is over.

    An ask has one open alert at a time: what came with a release is told as that, growth before a burst. A board
    whose last post is long ago raises nothing, so an import of old posts does not either; and what grows while a
    version comes that its posts do not name is not that version's. Computed outside any transaction; raising twice
    at once raises once (the fingerprint is unique). Returns how many are new.
    """
    watched = look(product, now=now)
    cases: dict[int, Grown] = {}
    standing: dict[int, float] = {}
    # The days after a release stay as they were: two weeks later they are no warning any more.
    after = [
        row
        for row in [*watched.after, *watched.first_days]
        if watched.as_of is not None and (watched.as_of - row.last).days <= AFTER_RELEASE
    ]
    for row in [*after, *watched.growth, *watched.bursts]:
        standing[row.ask_id] = max(standing.get(row.ask_id, 0.0), row.low)
        if row.is_alarming and not watched.is_past and row.ask_id not in cases:
            if row.kind == Alert.Kind.RELEASE and not names_version(row):
                continue
            cases[row.ask_id] = row
    last: dict[int, Alert] = {}
    lasting = Alert.objects.filter(ask__product=product, ended_at__isnull=True)
    for alert in lasting.exclude(kind=Alert.Kind.MIND).order_by("id"):
        last[alert.ask_id] = alert
    raised = 0
    for ask in Ask.objects.filter(pk__in=cases).order_by("pk"):
        raised += _bring_up_to_date(ask, cases[ask.pk], last.get(ask.pk), now=now)
    for ask_id, alert in last.items():
        if ask_id not in cases and (watched.is_past or standing.get(ask_id, 0.0) < _OVER):
            Alert.objects.filter(pk=alert.pk, ended_at__isnull=True).update(ended_at=now)
    propose_what_rises(product=product, now=now)
    return raised


def propose_what_rises(*, product: Product, now: dt.datetime) -> None:
    """Have each alert of ``product`` that lasts and nobody has seen wait in the inbox, and no other.

    An alert that is over, or was seen where it stands, closes its proposal; what a person settled stays settled.
    """
    alerts = Alert.objects.filter(ask__product=product, kind__in=_PROPOSED)
    lasting = unseen_alerts(product).filter(kind__in=_PROPOSED)
    for alert in lasting:
        _propose(alert, now=now)
    waiting = Proposal.objects.filter(
        ask__product=product, kind__in=_PROPOSED.values(), state=Proposal.State.OPEN
    )
    named = [str(one.evidence.get("alert", "")) for one in waiting]
    over = alerts.filter(public_id__in=named).exclude(pk__in=[one.pk for one in lasting])
    for case in over.values_list("fingerprint", flat=True):
        withdraw_rise(case=case, now=now)


def _propose(alert: Alert, *, now: dt.datetime) -> None:
    propose_rise(
        ask=alert.ask,
        kind=_PROPOSED[Alert.Kind(alert.kind)],
        case=alert.fingerprint,
        people=alert.people_count,
        evidence={**alert.evidence, "alert": alert.public_id, "times": round(alert.strength, 1)},
        now=now,
    )


def hear_settled(
    proposal: Proposal, *, state: Proposal.State, actor: User, now: dt.datetime
) -> None:
    """What is settled in the inbox is seen; what is taken back there is not."""
    alert = Alert.objects.filter(public_id=proposal.evidence.get("alert", "")).first()
    if alert is None:
        return
    if state == Proposal.State.OPEN:
        unsee(alert=alert, actor=actor, now=now)
    else:
        see(alert=alert, actor=actor, now=now)


def _bring_up_to_date(ask: Ask, case: Grown, alert: Alert | None, *, now: dt.datetime) -> bool:
    """Write what is known of ``case`` to the ask's open alert, or to a new one; return whether it is new."""
    values = {
        "strength": round(case.low, 3),
        "people_count": case.people,
        "evidence": evidence_of(case),
    }
    if alert is not None:
        Alert.objects.filter(pk=alert.pk).update(**values)
        return False
    start = case.version or case.first.isoformat()
    fingerprint = f"{case.kind}:{ask.public_id}:{start}"[:120]
    try:
        with transaction.atomic():
            found, is_new = Alert.objects.get_or_create(
                fingerprint=fingerprint,
                defaults={"kind": case.kind, "ask": ask, "raised_at": now, **values},
            )
            if is_new:
                _record_raised(found, ask=ask, now=now)
            else:
                Alert.objects.filter(pk=found.pk).update(ended_at=None, **values)
    except IntegrityError:
        return False
    return is_new


def raise_mind(*, ask: Ask, key: str, evidence: dict[str, Any], now: dt.datetime) -> bool:
    """Tell the team that what would change its mind about ``ask`` came true, once a ``key``; return whether it is new."""
    with transaction.atomic():
        alert, is_new = Alert.objects.get_or_create(
            fingerprint=f"MIND:{key}"[:120],
            defaults={
                "kind": Alert.Kind.MIND,
                "ask": ask,
                "raised_at": now,
                "strength": 1.0,
                "people_count": evidence["people"],
                "evidence": evidence,
            },
        )
        if is_new:
            _record_raised(alert, ask=ask, now=now)
    return is_new


def _record_raised(alert: Alert, *, ask: Ask, now: dt.datetime) -> None:
    journal.write(
        verb=Verb.ALERT_RAISED,
        subject=ask,
        actor_id=None,
        now=now,
        data={
            "alert": alert.public_id,
            "kind": alert.kind,
            "ask": ask.public_id,
            "title": ask.title,
            "times": round(alert.strength, 1),
            "people": alert.people_count,
        },
    )


def end_mind(*, key: str, now: dt.datetime) -> None:
    """Say that the team has changed its mind, or decided anew: the alert of ``key`` is over."""
    Alert.objects.filter(fingerprint=f"MIND:{key}"[:120], ended_at=None).update(ended_at=now)


@by_team
def see(*, alert: Alert, actor: User, now: dt.datetime) -> bool:
    """Say that somebody has seen it; the first one counts. Returns whether that changed anything."""
    return _mark(alert, actor=actor, now=now, seen=True)


@by_team
def unsee(*, alert: Alert, actor: User, now: dt.datetime) -> bool:
    """Take "seen" back: it stands on the inbox again. Returns whether that changed anything."""
    return _mark(alert, actor=actor, now=now, seen=False)


@transaction.atomic
def _mark(alert: Alert, *, actor: User, now: dt.datetime, seen: bool) -> bool:
    hold_grouping()  # as whoever settles its proposal does: nobody waits for the other
    changed = Alert.objects.filter(pk=alert.pk, seen_at__isnull=seen).update(
        seen_at=now if seen else None, seen_by=actor if seen else None
    )
    if changed:
        if seen:
            withdraw_rise(case=alert.fingerprint, now=now)
        elif alert.ended_at is None and alert.kind in _PROPOSED:
            _propose(alert, now=now)
        journal.write(
            verb=Verb.ALERT_SEEN if seen else Verb.ALERT_UNSEEN,
            subject=alert.ask,
            actor_id=actor.pk,
            now=now,
            data={"alert": alert.public_id, "title": alert.ask.title},
        )
    return bool(changed)

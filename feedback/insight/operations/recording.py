"""Decisions: written with what undoing them restores."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.insight.models import Ask, Decision, Membership
from feedback.journal import operations as journal

_ASK_FIELDS = ["title", "title_source", "state", "joined_into_id", "split_from_id", "is_locked"]
_MEMBERSHIP_FIELDS = [
    "ask_id",
    "source",
    "actor_id",
    "is_confirmed",
    "score",
    "reason",
    "model_key",
    "run_id",
]


class NotPossible(Exception):
    """What a person wants to decide cannot be done now; the message says why and what to do."""


def snapshot(*, asks: Iterable[Ask], post_ids: Collection[int]) -> dict[str, Any]:
    """Return, as JSON, how these asks and these posts' memberships stand now."""
    held = {row.post_id: row for row in Membership.objects.filter(post__in=post_ids)}
    return {
        "asks": {
            str(ask.pk): {name: getattr(ask, name) for name in _ASK_FIELDS}
            | {"confirmed_at": ask.confirmed_at.isoformat() if ask.confirmed_at else None}
            for ask in asks
        },
        "memberships": {
            str(pk): None
            if pk not in held
            else {name: getattr(held[pk], name) for name in _MEMBERSHIP_FIELDS}
            | {"placed_at": held[pk].placed_at.isoformat()}
            for pk in sorted(post_ids)
        },
    }


def restore(before: dict[str, Any]) -> None:
    """Put asks and memberships back as `snapshot` saw them."""
    for pk, fields in before["asks"].items():
        values = dict(fields)
        confirmed = values.pop("confirmed_at", None)
        Ask.objects.filter(pk=int(pk)).update(
            **values, confirmed_at=parse_datetime(confirmed) if confirmed else None
        )
    held = before["memberships"]
    Membership.objects.filter(
        post__in=[int(pk) for pk, fields in held.items() if fields is None]
    ).delete()
    _write(
        Membership(post_id=int(pk), **(fields | {"placed_at": parse_datetime(fields["placed_at"])}))
        for pk, fields in held.items()
        if fields is not None
    )


def _write(memberships: Iterable[Membership]) -> None:
    """Insert or replace memberships by post, many at a time."""
    Membership.objects.bulk_create(
        list(memberships),
        update_conflicts=True,
        unique_fields=["post"],
        update_fields=[*(name.removesuffix("_id") for name in _MEMBERSHIP_FIELDS), "placed_at"],
        batch_size=500,
    )


def record(
    *,
    kind: Decision.Kind,
    actor: User,
    now: dt.datetime,
    before: dict[str, Any],
    verb: str,
    ask: Ask,
    other_ask: Ask | None = None,
    data: dict[str, Any] | None = None,
) -> Decision:
    """Write a decision and its journal entry. Call inside the transaction of the change."""
    decision = Decision.objects.create(
        kind=kind, ask=ask, other_ask=other_ask, actor=actor, made_at=now, before=before
    )
    journal.write(
        verb=verb,
        subject=ask,
        actor_id=actor.pk,
        now=now,
        data={"decision": decision.public_id, "title": ask.title} | (data or {}),
    )
    return decision


def place_by_person(
    *, post_ids: Iterable[int], ask: Ask, actor: User, now: dt.datetime, origin: Ask | None = None
) -> None:
    """Make these posts confirmed members of ``ask``, on ``actor``'s word; ``origin`` is the ask they left."""
    reason = {"ground": "DECIDED"} | ({"from": origin.title} if origin is not None else {})
    _write(
        Membership(
            post_id=post_id,
            ask=ask,
            source=Ask.Source.PERSON,
            actor=actor,
            is_confirmed=True,
            reason=reason,
            placed_at=now,
        )
        for post_id in post_ids
    )


def fresh(ask: Ask) -> Ask:
    """Return ``ask`` as the database has it now; raises `NotPossible` when it is no longer live."""
    return fresh_pair(ask, ask)[0]


def fresh_pair(ask: Ask, other: Ask) -> tuple[Ask, Ask]:
    """Return two asks as the database has them now; raises `NotPossible` when one is no longer live."""
    found = Ask.objects.in_bulk({ask.pk, other.pk})
    for one in found.values():
        if not one.is_live:
            raise NotPossible(
                _("“%(title)s” is no longer there: it was joined into another ask. Open that one.")
                % {"title": one.title}
            )
    return found[ask.pk], found[other.pk]

"""Decisions: written with what undoing them restores."""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.asks.coverage import forget_summaries
from feedback.asks.models import Area, Ask, Bond, Decision, Membership, Proposal
from feedback.forum.models import Post, Product
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.batches import batches
from feedback.kernel.refusals import Refusal

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
#: What the journal calls a decision of each kind.
VERBS = {
    Decision.Kind.CONFIRM: Verb.ASK_CONFIRMED,
    Decision.Kind.RENAME: Verb.ASK_RENAMED,
    Decision.Kind.JOIN: Verb.ASK_JOINED,
    Decision.Kind.SPLIT: Verb.ASK_SPLIT,
    Decision.Kind.MOVE: Verb.POST_MOVED,
    Decision.Kind.LOCK: Verb.ASK_LOCKED,
    Decision.Kind.UNLOCK: Verb.ASK_UNLOCKED,
    Decision.Kind.OWN: Verb.ASK_OWNED,
    Decision.Kind.DISMISS: Verb.ASK_DISMISSED,
    Decision.Kind.TOGETHER: Verb.POSTS_TOGETHER,
    Decision.Kind.APART: Verb.POSTS_APART,
    Decision.Kind.CONTEST: Verb.POST_CONTESTED,
    Decision.Kind.REHOUSE: Verb.POSTS_REHOUSED,
    Decision.Kind.AREA_OPEN: Verb.AREA_CONFIRMED,
    Decision.Kind.AREA_NEW: Verb.AREA_MADE,
    Decision.Kind.AREA_NAME: Verb.AREA_RENAMED,
    Decision.Kind.AREA_JOIN: Verb.AREAS_JOINED,
    Decision.Kind.AREA_PUT: Verb.ASKS_PUT,
    Decision.Kind.AREA_CLOSE: Verb.AREA_DISSOLVED,
}


def snapshot(
    *,
    asks: Mapping[Ask, Collection[str]],
    post_ids: Collection[int],
    areas: Mapping[Area, Collection[str]] | None = None,
) -> dict[str, Any]:
    """Return, as JSON, how these fields of these asks and areas and these posts' memberships stand now.

    Only what a decision changes is kept, so that two decisions about different things of one ask can be
    undone in any order.
    """
    held = {
        row.post_id: row
        for some in batches(post_ids)
        for row in Membership.objects.filter(post__in=some)
    }
    return {
        "asks": {
            str(ask.pk): {name: _plain(getattr(ask, name)) for name in sorted(fields)}
            for ask, fields in asks.items()
            if fields
        },
        "memberships": {
            str(pk): None
            if pk not in held
            else {name: getattr(held[pk], name) for name in _MEMBERSHIP_FIELDS}
            | {"placed_at": held[pk].placed_at.isoformat()}
            for pk in sorted(post_ids)
        },
        "names": _names(post_ids),
        "proposals": [],
    } | (
        {
            "areas": {
                str(area.pk): {name: _plain(getattr(area, name)) for name in sorted(fields)}
                for area, fields in areas.items()
                if fields
            }
        }
        if areas is not None
        else {}
    )


def _names(post_ids: Collection[int]) -> dict[str, list[Any]]:
    """Return [medoid, title] of each ask that one of these posts stands for: leaving, it takes them along."""
    names: dict[str, list[Any]] = {}
    for some in batches(post_ids):
        named = Ask.objects.filter(medoid__in=some, memberships__post=F("medoid"))
        for pk, medoid_id, title in named.values_list("pk", "medoid", "title"):
            names[str(pk)] = [medoid_id, title]
    return names


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value


def restore(before: dict[str, Any], *, leave: Collection[int] = ()) -> None:
    """Put asks, memberships and proposals back as `snapshot` saw them, but for the posts in ``leave``."""
    for model, rows in ((Ask, before["asks"]), (Area, before.get("areas", {}))):
        alike: dict[str, list[int]] = {}
        for pk, fields in rows.items():
            alike.setdefault(json.dumps(fields, sort_keys=True), []).append(int(pk))
        for fields_kept, pks in alike.items():
            values = _timed(json.loads(fields_kept))
            for some in batches(pks):
                model._default_manager.filter(pk__in=some).update(**values)
    for pk, (medoid_id, title) in before.get("names", {}).items():
        Ask.objects.filter(pk=int(pk)).update(medoid_id=medoid_id)
        Ask.objects.filter(pk=int(pk), title_source=Ask.Source.MACHINE).update(title=title)
    held = {int(pk): fields for pk, fields in before["memberships"].items() if int(pk) not in leave}
    for some in batches(pk for pk, fields in held.items() if fields is None):
        Membership.objects.filter(post__in=some).delete()
    _write(
        Membership(post_id=pk, **(fields | {"placed_at": parse_datetime(fields["placed_at"])}))
        for pk, fields in held.items()
        if fields is not None
    )
    Bond.objects.bulk_create(
        Bond(decision_id=said, kind=Bond.Kind.TOGETHER, post_id=one, other_post_id=other)
        for said, one, other in before.get("bonds", [])
    )
    Proposal.objects.filter(public_id__in=before.get("proposals", []), state="STALE").update(
        state=Proposal.State.OPEN, decided_at=None
    )


def _timed(fields: dict[str, Any]) -> dict[str, Any]:
    """Return ``fields`` with the times that JSON kept as words."""
    values = dict(fields)
    for name in ("confirmed_at", "answered_at"):
        if values.get(name):
            values[name] = parse_datetime(values[name])
    return values


def _write(memberships: Iterable[Membership]) -> None:
    """Insert or replace memberships by post, many at a time."""
    Membership.objects.bulk_create(
        list(memberships),
        update_conflicts=True,
        unique_fields=["post"],
        update_fields=[*_MEMBERSHIP_FIELDS, "placed_at"],
        batch_size=500,
    )


def record(
    *,
    kind: Decision.Kind,
    actor: User,
    now: dt.datetime,
    before: dict[str, Any],
    verb: Verb | None = None,
    ask: Ask | None = None,
    other_ask: Ask | None = None,
    area: Area | None = None,
    other_area: Area | None = None,
    product: Product | None = None,
    data: dict[str, Any] | None = None,
) -> Decision:
    """Write a decision about an ask, an area or a product, and its journal entry.

    Call inside the transaction of the change. ``verb`` is what the journal calls it where that is not the word for its
    ``kind``.
    """
    decision = Decision.objects.create(
        kind=kind,
        ask=ask,
        other_ask=other_ask,
        area=area,
        other_area=other_area,
        product=product,
        actor=actor,
        made_at=now,
        before=before,
    )
    subject = ask or area or product
    assert subject is not None, "A decision is about an ask, an area or a product."
    touched = Decision.posts.through
    touched.objects.bulk_create(
        (touched(decision=decision, post_id=int(pk)) for pk in before["memberships"]),
        batch_size=500,
    )
    journal.write(
        verb=verb or VERBS[kind],
        subject=subject,
        actor_id=actor.pk,
        now=now,
        data={"decision": decision.public_id, "title": str(subject)} | (data or {}),
    )
    transaction.on_commit(forget_summaries)
    return decision


def record_undone(decision: Decision, *, actor: User, now: dt.datetime) -> None:
    """Write that ``decision`` is undone, and its journal entry. Call inside the transaction of the change."""
    Decision.objects.filter(pk=decision.pk).update(undone_at=now, undone_by=actor)
    decision.undone_at, decision.undone_by = now, actor
    subject = decision.ask or decision.area or decision.product
    assert subject is not None, "A decision is about an ask, an area or a product."
    journal.write(
        verb=Verb.DECISION_UNDONE,
        subject=subject,
        actor_id=actor.pk,
        now=now,
        data={"decision": decision.public_id, "kind": decision.kind, "title": str(subject)},
    )
    transaction.on_commit(forget_summaries)


def undone_first(later: Decision) -> Refusal:
    """Return what tells a person that ``later`` stands on the decision they want to undo."""
    return Refusal(
        _("%(name)s has since decided about this: %(what)s “%(title)s”. Undo that first.")
        % {
            "name": later.actor.name,
            "what": later.get_kind_display(),
            "title": str(later.area or later.ask or later.product or ""),
        }
    )


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


def refuse_two_products(product_ids: Iterable[int]) -> None:
    """Raise `Refusal` when what a person wants to bring together is of more than one product."""
    if len(set(product_ids)) > 1:
        raise Refusal(
            _("These belong to two products, and an ask to one. Move the post or its board first.")
        )


def products_of(post_ids: Collection[int]) -> set[int]:
    """Return the primary keys of the products that these posts are about."""
    found: set[int] = set()
    for some in batches(post_ids):
        posts = Post.objects.filter(pk__in=some)
        found.update(posts.values_list("board__product", flat=True).distinct())
    return found


def fresh(ask: Ask) -> Ask:
    """Return ``ask`` as the database has it now; raises `Refusal` when it is no longer live."""
    return fresh_pair(ask, ask)[0]


def fresh_pair(ask: Ask, other: Ask) -> tuple[Ask, Ask]:
    """Return two asks as the database has them now; raises `Refusal` when one is no longer live."""
    one, another = fresh_all([ask, other])
    return one, another


def fresh_all(asks: Sequence[Ask]) -> list[Ask]:
    """Return asks of one product as the database has them now; raises `Refusal` when one is no longer live."""
    found = Ask.objects.in_bulk({ask.pk for ask in asks})
    refuse_two_products(one.product_id for one in found.values())
    for one in found.values():
        if not one.is_live:
            raise Refusal(
                _("“%(title)s” is no longer there: it was joined into another ask. Open that one.")
                % {"title": one.title}
            )
    return [found[ask.pk] for ask in asks]


def overtake_proposals(asks: Collection[Ask], *, now: dt.datetime, before: dict[str, Any]) -> None:
    """Close the open proposals about asks that are no longer as they were; undoing opens them again."""
    open_ones = Proposal.objects.filter(
        Q(ask__in=asks) | Q(other_ask__in=asks) | Q(pk__in=_too_few_to_join(asks)),
        state=Proposal.State.OPEN,
    )
    before["proposals"] += open_ones.values_list("public_id", flat=True)
    open_ones.update(state=Proposal.State.STALE, decided_at=now)


def _too_few_to_join(gone: Collection[Ask]) -> list[int]:
    """Return the open proposals (ids) to join several asks of which fewer than two are left without those ``gone``."""
    ids = {ask.public_id for ask in gone}
    several = Proposal.objects.filter(
        kind=Proposal.Kind.JOIN_MANY,
        state=Proposal.State.OPEN,
        ask__product__in={ask.product_id for ask in gone},
    )
    named = {
        pk: set(evidence.get("asks", [])) for pk, evidence in several.values_list("pk", "evidence")
    }
    left = {pk: asks - ids for pk, asks in named.items() if asks & ids}
    there = set(
        Ask.objects.there()
        .filter(public_id__in=set().union(*left.values()))
        .values_list("public_id", flat=True)
    )
    return [pk for pk, asks in left.items() if len(asks & there) < 2]

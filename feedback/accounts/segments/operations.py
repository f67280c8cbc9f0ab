"""Making segments, weighing them, and bringing their lists."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.accounts.segments.models import Segment, SegmentLine
from feedback.accounts.segments.queries import segments
from feedback.journal import operations as journal
from feedback.journal.verbs import Verb
from feedback.kernel.refusals import Refusal
from feedback.kernel.stale import refuse_stale, words_of

#: Segments of a site.
MOST = 30
_SAID = ("name", "name_zh", "rule", "value")
#: What the desk changes of a segment.
EDITED = (*_SAID, "weight")
_BY_VALUE = (Segment.Rule.PLAN, Segment.Rule.WORD)


@by_manager
@transaction.atomic
def keep_segment(
    *, segment: Segment, actor: User, now: dt.datetime, seen: str | None = None
) -> Segment:
    """Keep a new segment, or what was changed of one. Raises `Refusal` for a name that another has, and where it says nobody.

    ``seen`` is the mark of `EDITED` that the actor began with: raises `StaleEdit` where they are others now. Lock contract: the rows of the segments.
    """
    others = list(Segment.objects.select_for_update().filter(removed_at=None))
    before = next((one for one in others if one.pk == segment.pk), None)
    if before is not None:
        refuse_stale(words_of(before, EDITED), seen=seen)
    others = [one for one in others if one.pk != segment.pk]
    if any(one.key == segment.key for one in others):
        raise Refusal(_("There is a segment of this name already."))
    if before is None and len(others) >= MOST:
        raise Refusal(_("There are %(n)d segments already. Remove one first.") % {"n": MOST})
    if segment.rule in _BY_VALUE and not segment.value:
        raise Refusal(_("Write the plan or the segment as your app says it."), status=422)
    if segment.rule not in _BY_VALUE:
        segment.value = ""
    if before is None:
        segment.made_at = now
    segment.save()
    _entry(segment, before=before, actor=actor, now=now)
    return segment


@by_manager
@transaction.atomic
def weigh_segments(
    *, weights: Mapping[str, Decimal], actor: User, now: dt.datetime, seen: str | None = None
) -> dict[str, Decimal]:
    """Keep ``weights`` of segments, by their public id; return what those weighed that weigh something else now.

    ``seen`` is the mark of `weights_said` that the actor began with: raises `StaleEdit` where they are others now. Lock contract: the rows of the segments.
    """
    those = list(segments().select_for_update())
    refuse_stale(weights_said(those), seen=seen)
    before = {}
    for one in those:
        weight = weights.get(one.public_id, one.weight)
        if weight != one.weight:
            before[one.public_id] = one.weight
            one.weight = weight
            keep_segment(segment=one, actor=actor, now=now)
    return before


def weights_said(those: Iterable[Segment]) -> dict[str, str]:
    """Return what ``those`` weigh, as words by their public id, for `stale`."""
    return {one.public_id: str(one.weight) for one in those}


@by_manager
@transaction.atomic
def remove_segment(*, segment: Segment, actor: User, now: dt.datetime) -> None:
    """Weigh nobody by it any more; no-op where it is away."""
    if Segment.objects.filter(pk=segment.pk, removed_at=None).update(removed_at=now):
        _entry(segment, before=segment, actor=actor, now=now, what="removed")


@by_manager
@transaction.atomic
def restore_segment(*, segment: Segment, actor: User, now: dt.datetime) -> None:
    """Bring a segment back; no-op where it is there. Raises `Refusal` where another has its name by now."""
    if any(one.key == segment.key and one.pk != segment.pk for one in segments()):
        raise Refusal(_("There is a segment of this name already."))
    if Segment.objects.filter(pk=segment.pk, removed_at__isnull=False).update(removed_at=None):
        _entry(segment, before=segment, actor=actor, now=now, what="restored")


@by_manager
@transaction.atomic
def bring_list(
    *,
    segment: Segment,
    lines: Sequence[tuple[str, str, Decimal | None]],
    actor: User,
    now: dt.datetime,
) -> int:
    """Have ``lines`` be the whole list of ``segment``; return how many there are. Lock contract: the segment's row."""
    segment = Segment.objects.select_for_update().get(pk=segment.pk)
    if segment.rule != Segment.Rule.LIST:
        raise Refusal(_("This segment has no list: your app says who is in it."))
    known = SegmentLine.objects.filter(segment=segment)
    number = known.count()
    known.delete()
    made = [
        SegmentLine(segment=segment, kind=kind, who=who, revenue=revenue)
        for kind, who, revenue in lines
    ]
    SegmentLine.objects.bulk_create(made, batch_size=500)
    segment.brought_at = now
    segment.save(update_fields=["brought_at"])
    journal.write(
        verb=Verb.SEGMENT_CHANGED,
        subject=segment,
        actor_id=actor.pk,
        now=now,
        data={
            "segment": segment.public_id,
            "what": "list",
            "before": {"lines": number},
            "after": {"lines": len(made)},
        },
    )
    return len(made)


def _entry(
    segment: Segment, *, before: Segment | None, actor: User, now: dt.datetime, what: str = ""
) -> None:
    journal.write(
        verb=Verb.SEGMENT_CHANGED,
        subject=segment,
        actor_id=actor.pk,
        now=now,
        data={
            "segment": segment.public_id,
            "what": what or ("edited" if before is not None else "made"),
            "before": _said(before) if before is not None else {},
            "after": _said(segment),
        },
    )


def _said(segment: Segment) -> dict[str, str]:
    return {name: getattr(segment, name) for name in _SAID} | {"weight": str(segment.weight)}

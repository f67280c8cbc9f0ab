"""Making asks of the states in an import's file: with the map that whoever started it confirmed, in their name."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from feedback.accounts.models import User
from feedback.asks.stages import Stage
from feedback.importing.formats import CannotImport, FileMapping, PostRow
from feedback.importing.models import Import
from feedback.importing.stages import Decided, decide_by_state, decide_by_states
from feedback.kernel.leases import Lease
from feedback.kernel.refusals import Refusal


def chosen_stages(one: Import, stages: Mapping[str, str]) -> dict[str, str]:
    """Return the map of states to stages as it is kept. Raises `Refusal` for what is no stage, or when it makes nothing."""
    found = one.found.get("states") or {}
    listed = {state.lower() for state, _count in found.get("listed", [])}
    kept = {state.lower(): stage for state, stage in stages.items() if state.lower() in listed}
    if not set(kept.values()) <= {"", *Stage.values}:
        raise Refusal(_("Choose one of the stages."), status=422)
    if not any(kept.values()) and not found.get("answered") and not found.get("merged"):
        raise Refusal(
            _("Choose a stage for one state at least, or make no asks of them."), status=422
        )
    return kept


def decide(
    lease: Lease[Import],
    mapping: FileMapping,
    *,
    moment: dt.datetime,
    now_and_then: Callable[[Callable[[], object]], None],
    is_stopped: Callable[[], bool],
) -> None:
    """Make asks of the rows, which are all in. Killed or stopped, it goes on behind the last one. Raises `CannotImport`."""
    one = lease.row

    def keep(decided: Decided) -> None:
        lease.renew(decided=decided.figures())

    begins = Decided.kept(one.decided)
    done = decide_by_states(
        mapping=mapping,
        source=one.source,
        stages=_stages(one),
        actor=_who(one),
        now=moment,  # the import's own: undone with it
        update=one.takes_changes,
        begins=begins,
        on_decided=keep,
        on_progress=lambda position, size: now_and_then(lambda: keep(begins)),
        is_stopped=is_stopped,
    )
    keep(done)


def decide_mended(one: Import, row: PostRow, *, moment: dt.datetime) -> dict[str, Any]:
    """Make an ask of a row that was mended, if its state says so; return what came of all states so far, as it is kept."""
    who, before = one.started_by, dict(one.decided)
    if not one.is_deciding or row.comment_on or who is None or not who.is_manager:
        return before
    done = decide_by_state(
        row=row,
        source=one.source,
        stages=_stages(one),
        actor=who,
        now=moment,
        begins=Decided.kept(before),
    )
    return done.figures()


def _stages(one: Import) -> dict[str, Stage | None]:
    return {state: Stage(stage) if stage else None for state, stage in one.stages.items()}


def _who(one: Import) -> User:
    """Return who confirmed the map. Raises `CannotImport` when they may not any more."""
    if one.started_by is None or not one.started_by.is_manager:
        raise CannotImport(
            _(
                "Whoever started it is no product manager any more, so no asks are made in their name."
            )
        )
    return one.started_by

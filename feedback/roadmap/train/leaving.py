"""Release day: what is ready ships, the changelog is published, the rest takes the next train."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from feedback.accounts.models import User
from feedback.accounts.permissions import by_manager
from feedback.journal.verbs import Verb
from feedback.roadmap.models import Item, Release
from feedback.roadmap.operations import ship
from feedback.roadmap.stops import Stop, check_allowed
from feedback.roadmap.train.departing import depart
from feedback.roadmap.train.operations import keep_days, put_on_next
from feedback.roadmap.train.queries import is_ready
from feedback.roadmap.train.recording import held, record, waiting


@by_manager
@transaction.atomic
def leave(
    *,
    release: Release,
    actor: User,
    now: dt.datetime,
    items: Collection[Item] | None = None,
    texts: Mapping[int, str] | None = None,
) -> Release:
    """Let ``release`` out, with ``items``: those that are ready, unless given. One deed: all of it happens, or nothing.

    Each item ships with a journal entry of its own, through which those behind it are told, and its line in the
    changelog says what ``texts`` has under its id (its title otherwise). What stays behind is planned for the next
    release, where there is one. One that leaves early or late leaves today, and its report comes on the day that follows
    from it. Raises `Refusal` for a release that is out already, was skipped or stopped.
    """
    release = held(release)
    check_allowed(release.stop, Stop.RELEASED)
    today = timezone.localdate(now)
    if release.release_date != today or not release.is_dated:
        release.release_date = today
        release.save(update_fields=["release_date"])
        keep_days(release)
    depart(release, now=now)
    going = {item.pk for item in items} if items is not None else None
    along: list[Item] = []
    behind: list[Item] = []
    for item in waiting(release):
        goes = is_ready(item) if going is None else item.pk in going
        (along if goes else behind).append(item)
    for item in along:
        ship(
            item=item,
            version=release.version,
            text=(texts or {}).get(item.pk, ""),
            release_date=release.release_date,
            actor=actor,
            now=now,
        )
    instead = put_on_next(behind, after=release) if behind else None
    record(
        verb=Verb.RELEASED,
        release=release,
        actor=actor,
        now=now,
        shipped=[item.pk for item in along],
        items=[item.pk for item in behind],
        instead=instead.version if instead else "",
    )
    return release
